"use strict";
// Sends each file on its own, one after the other, and shows what the province says of it.

const drop = document.getElementById("drop");
const chosen = document.getElementById("files");
const now = document.getElementById("now");
const sets = document.getElementById("sets");
const rest = document.getElementById("rest");
const marked = document.getElementById("marked");
const shown = new Map();
const received = new Set();  // reports whose codes were read
const waiting = new Set();  // reports of which only their own pages were seen
let queue = Promise.resolve();

function line(place, words) {
  const item = document.createElement(place.tagName === "UL" ? "li" : "p");
  item.textContent = words;
  place.append(item);
  return item;
}

function showSet(set) {
  const item = shown.get(set.id) || line(sets, "");
  shown.set(set.id, item);
  item.textContent = "";
  item.className = set.good ? "good" : "";
  for (const words of set.words) line(item, words);
  if (set.receipt) {
    const link = document.createElement("a");
    link.href = set.receipt;
    link.target = "_blank";
    link.textContent = sets.dataset.receipt;
    item.append(link);
  }
}

async function send(file) {
  now.textContent = now.dataset.reading.replace("{file}", file.name);
  try {
    const answer = await fetch("/paper?name=" + encodeURIComponent(file.name), {
      method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.title);
    said.sets.forEach(showSet);
    for (const set of said.sets) received.add(set.report);
    for (const report of said.marked) waiting.add(report);
    for (const words of said.rest) line(rest, words);
    now.textContent = now.dataset.done.replace("{file}", file.name);
  } catch (problem) {
    now.textContent = now.dataset.failed.replace("{file}", file.name);
    line(rest, file.name + ": " + problem.message);
  }
  marked.hidden = [...waiting].every((report) => received.has(report));
  document.getElementById("rest-title").hidden = marked.hidden && !rest.children.length;
}

function take(files) {
  for (const file of files) queue = queue.then(() => send(file));
}

chosen.addEventListener("change", () => { take([...chosen.files]); chosen.value = ""; });
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
// a file that misses the field would otherwise replace the page
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
