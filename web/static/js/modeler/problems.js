// Lint as you draw: the engine's own rules are asked after every change; what they find is listed and marked.
import { properties } from "./properties.js";

const PAUSE = 700; // milliseconds after the last change

export function checker(modeler, box, words, drawn, sent) {
  const [canvas, overlays, registry, selection] = ["canvas", "overlays", "elementRegistry", "selection"]
    .map((name) => modeler.get(name));
  const list = document.querySelector("#problems");
  const counts = document.querySelector("#counts");
  let waiting = 0;
  let asked = 0;
  let marked = [];

  function choose(id) {
    const shape = registry.get(id);
    if (!shape) return;
    selection.select(shape);
    canvas.scrollToElement(shape, 80);
  }

  /** The element as it is drawn, also a process whose shape is its pool. */
  const drawnAs = (id) => registry.get(id)?.businessObject
    ?? registry.find(({ businessObject }) => businessObject?.processRef?.id === id)?.businessObject?.processRef;

  /** What an element is called in the language of the page; a flow without a name by what it joins. */
  function called(object) {
    const named = (each) => (box.dataset.english && properties(each)["name.en"]) || each.name || "";
    if (!object || named(object)) return object ? named(object) : "";
    const ends = [object.sourceRef, object.targetRef];
    return ends[0] && ends[1] ? ends.map((end) => named(end) || end.id).join(" → ") : "";
  }

  function line(problem) {
    const item = document.createElement("li");
    const badge = document.createElement("span");
    badge.className = `badge ${problem.level === "error" ? "bad" : "warn"}`;
    badge.textContent = `${problem.level === "error" ? "✕" : "▲"} ${words[problem.level]}`;
    const here = problem.file === box.dataset.name;
    const target = document.createElement(here ? "button" : "a");
    if (here) {
      target.type = "button";
      target.className = "link";
      target.addEventListener("click", () => choose(problem.element));
    } else {
      target.href = box.dataset.edit.replace("_name_", problem.file) + (problem.element ? `#element-${problem.element}` : "");
    }
    target.textContent = problem.text;
    const where = document.createElement("span");
    where.className = "small soft mono";
    where.textContent = here ? problem.element : problem.file;
    const name = document.createElement("strong");
    name.textContent = here ? called(drawnAs(problem.element)) : "";
    item.append(badge, " ", ...(name.textContent ? [name, " "] : []), target, " ", where);
    return item;
  }

  function mark(problems) {
    for (const id of marked) {
      if (!registry.get(id)) continue;
      canvas.removeMarker(id, "has-error");
      canvas.removeMarker(id, "has-warning");
    }
    overlays.remove({ type: "problem" });
    const worst = new Map();
    for (const { file, element, level } of problems) {
      if (file !== box.dataset.name || !registry.get(element)) continue;
      if (worst.get(element) !== "error") worst.set(element, level);
    }
    for (const [id, level] of worst) {
      canvas.addMarker(id, `has-${level}`);
      if (id === canvas.getRootElement().id) continue;
      const html = document.createElement("div");
      html.className = `problem-sign is-${level}`;
      html.textContent = level === "error" ? "✕" : "▲";
      html.title = problems.filter((each) => each.element === id).map((each) => each.text).join("\n");
      html.addEventListener("click", () => choose(id));
      overlays.add(id, "problem", { position: { bottom: 8, left: -8 }, html });
    }
    marked = [...worst.keys()];
  }

  function show(problems) {
    const own = problems.filter((each) => each.file === box.dataset.name);
    const rest = problems.filter((each) => each.file !== box.dataset.name);
    list.replaceChildren(...own.map(line));
    if (!problems.length) list.append(Object.assign(document.createElement("li"), { className: "clean", textContent: `✓ ${words.none}` }));
    if (rest.length) {
      list.append(Object.assign(document.createElement("li"), { className: "soft small", textContent: words.elsewhere }));
      list.append(...rest.map(line));
    }
    counts.textContent = problems.length || "";
    list.dataset.errors = problems.filter((each) => each.level === "error").length;
    mark(problems);
  }

  async function now() {
    const mine = ++asked;
    list.dataset.state = "checking";
    try {
      const answer = await fetch(box.dataset.check, sent(await drawn()));
      if (mine !== asked) return;
      show((await answer.json()).problems);
      list.dataset.state = "checked";
    } catch {
      if (mine !== asked) return;
      list.dataset.state = "unchecked";
      list.replaceChildren(Object.assign(document.createElement("li"), { textContent: words.unchecked }));
    }
  }

  function soon() {
    clearTimeout(waiting);
    list.dataset.state = "checking"; // what the list says, it says of an earlier drawing
    asked += 1; // an answer to what was drawn before says nothing any more
    waiting = setTimeout(now, PAUSE);
  }

  return { now, soon, choose };
}
