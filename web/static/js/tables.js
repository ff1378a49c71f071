// Decision tables: rules and columns change without leaving the page, unsaved work is guarded, Enter goes down.
// Everything works without this file: each button asks the server for the page as it then is.
"use strict";

const place = document.querySelector("#tables");
let dirty = "unsaved" in place.dataset;
let asking = false;

function touched() {
  dirty = true;
  const told = document.querySelector("#unsaved");
  if (told) told.textContent = document.querySelector("[data-unsaved-word]").textContent;
}

/** The page as it is after an act, put in the place of what stands here; what was typed travels along. */
async function act(button) {
  if (asking) return;
  asking = true;
  const sheets = [...document.querySelectorAll(".sheet")].map((each) => [each.scrollLeft, each.scrollTop]);
  const open = [...document.querySelectorAll("#tables details[id][open]")].map((each) => each.id);
  try {
    const answer = await fetch(place.action, { method: "POST", body: new URLSearchParams(new FormData(place, button)) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#tables");
    if (!fresh) throw new Error(answer.statusText);
    place.replaceChildren(...fresh.childNodes);
    touched();
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    document.querySelectorAll(".sheet").forEach((each, at) => { if (sheets[at]) [each.scrollLeft, each.scrollTop] = sheets[at]; });
    const goal = place.querySelector("[role=alert], [autofocus]") ?? (button.value === "check" ? place.querySelector("#problems") : null);
    goal?.focus();
    goal?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    console.info(error);
    const told = document.querySelector("#unsaved");
    told.textContent = place.dataset.offline;
  } finally {
    asking = false;
  }
}

place.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=act]");
  if (!button) return;
  if (button.value === "save") {
    dirty = false;
    return;
  }
  event.preventDefault();
  act(button);
});
place.addEventListener("input", touched);
place.addEventListener("change", (event) => {
  if (event.target.matches("td.no input")) act(place.querySelector("button[value=check]"));
});

/** Enter goes to the same column of the next rule, Shift+Enter breaks the line. */
place.addEventListener("keydown", (event) => {
  const cell = event.target.closest("table.rules td");
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !cell || event.target.matches("button, input")) return;
  event.preventDefault();
  cell.parentElement.nextElementSibling?.cells[cell.cellIndex]?.querySelector("textarea")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  place.querySelector("button[value=save]")?.click();
});
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
