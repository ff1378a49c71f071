// Enhancements only: every page works without this file.
"use strict";

// `/` goes to the search field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The menu of the person closes on Escape and on a click elsewhere.
const menu = document.querySelector("details.me");
if (menu) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.open = false; });
}

// Rows of tables: add and remove without asking the server.
for (const table of document.querySelectorAll("[data-table]")) {
  const body = table.querySelector("tbody");
  let next = body.rows.length;
  table.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (!add && !remove) return;
    event.preventDefault();
    if (add) {
      const html = table.querySelector("template").innerHTML;
      body.insertAdjacentHTML("beforeend", html.replaceAll("_n_", next).replaceAll("_r_", next + 1));
      next += 1;
      body.lastElementChild.querySelector("input, select, textarea")?.focus();
    } else {
      remove.closest("[data-row]").remove();
      table.querySelector("[data-add-row]").focus();
    }
  });
}

// Fields that depend on other answers: the server says which apply, by the rules that it checks with.
const form = document.querySelector("form[data-conditions]");
if (form) {
  const fields = [...form.querySelectorAll("[data-field]")];
  let waiting = 0;
  let asked = 0;

  const show = ({ visible, required }) => {
    for (const field of fields) {
      const key = field.dataset.field;
      const applies = visible.includes(key);
      field.hidden = !applies;
      for (const input of field.querySelectorAll("input, select, textarea, button")) input.disabled = !applies;
      const must = field.querySelector("[data-must]");
      if (must) must.hidden = !required.includes(key);
      const note = field.querySelector(".note");
      if (note) note.hidden = applies;
    }
  };

  const ask = async () => {
    const mine = ++asked;
    const data = new FormData();
    for (const input of form.elements) {
      if (!input.name || input.type === "file" || input.type === "submit" || input.name === "_password") continue;
      if ((input.type === "checkbox" || input.type === "radio") && !input.checked) continue;
      data.append(input.name, input.value);
    }
    try {
      const answer = await fetch(form.dataset.conditions, { method: "POST", body: data });
      if (answer.ok && mine === asked) show(await answer.json());
    } catch { /* offline: everything stays visible, the server checks on submission */ }
  };

  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 250); });
  ask();
}

// A field that only counts while nothing is chosen in a list.
for (const field of document.querySelectorAll("[data-unless]")) {
  const list = document.getElementById(field.dataset.unless);
  const show = () => {
    field.hidden = list.value !== "";
    for (const input of field.querySelectorAll("input")) input.disabled = field.hidden; // what is hidden refuses nothing
  };
  list.addEventListener("change", show);
  addEventListener("pageshow", show); // back from another page, the list stands as it was left
  show();
}

// A form is sent once, however often the button is pressed. One that takes its time says so on its button, until
// the answer comes.
const busy = (button, words) => {
  const label = button.textContent;
  setTimeout(() => { button.disabled = true; button.textContent = words; }); // after the form was read
  addEventListener("pageshow", (event) => { // back from the answer, the page stands as it was left
    if (event.persisted) { button.disabled = false; button.textContent = label; }
  });
};
for (const each of document.querySelectorAll("form[method=post]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) return event.preventDefault();
    each.dataset.sent = "1";
    setTimeout(() => delete each.dataset.sent, 5000);
    if (each.dataset.busy) busy(each.querySelector("button:not([type=button])"), each.dataset.busy);
  });
}

// A page that tells how far something has come looks again by itself.
for (const each of document.querySelectorAll("[data-reload]")) {
  setTimeout(() => location.reload(), Number(each.dataset.reload) * 1000);
}
