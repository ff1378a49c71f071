// The properties of this house (clauses, clocks, four eyes …) as fields: nobody types the name of one.
import { chips, field, make, pick } from "./entries.js";
import { pairs, properties, write } from "./properties.js";
import { decision } from "./decision.js";

export function house(modeler, box, words) {
  const fields = JSON.parse(box.dataset.fields);
  const lists = JSON.parse(box.dataset.choices);
  const place = document.querySelector("#house");
  let shown = null; // the element whose properties are shown
  let writing = false; // our own change needs no new fields

  const kind = (owner) => owner.$type.replace("bpmn:", "").replace(/^./, (first) => first.toLowerCase());

  function tasks() {
    const found = modeler.get("elementRegistry").filter(({ type }) => ["bpmn:UserTask", "bpmn:StartEvent"].includes(type));
    return Object.fromEntries(found.map(({ id, businessObject }) => [id, businessObject.name ?? id]));
  }

  function owner(element) {
    const thing = element.businessObject;
    return thing.$type === "bpmn:Participant" && thing.processRef ? thing.processRef : thing;
  }

  function set(element, changed) {
    writing = true;
    write(modeler, element, owner(element), changed);
    writing = false;
  }

  function entry(element, each, values) {
    const options = each.chosen === "tasks" ? tasks() : lists[each.chosen];
    const change = (value) => set(element, { [each.name]: value });
    const facts = { id: `house-${each.name.replaceAll(".", "-")}`, label: each.label, help: each.help, value: values[each.name] ?? "", options, change, words };
    if (each.entry === "words") return chips(facts);
    return each.entry === "one" ? pick(facts) : field(facts, each.entry === "long");
  }

  /** Each clock that starts here: its name, how long, from when, when it warns, by which calendar. */
  function clocks(element, values) {
    const group = make("fieldset", {}, make("legend", { textContent: words.clock }));
    const started = pairs(values["clock.start"]);
    const rows = started.map(([name, limit], at) => clock(element, values, started, at, name, limit));
    const add = make("select", { ariaLabel: words.add_limit }, make("option", { value: "", textContent: `+ ${words.add_limit}` }),
      ...Object.entries(lists.clocks).filter(([id]) => !started.some(([name]) => name === id))
        .map(([id, text]) => make("option", { value: id, textContent: `${text} (${id})` })));
    add.addEventListener("change", () => { start(element, [...started, [add.value, "PT24H"]]); show(element); });
    group.append(...rows, add);
    return group;
  }

  function start(element, started, more = {}) {
    set(element, { "clock.start": started.map((pair) => pair.join(" ")).join(" "), ...more });
  }

  function clock(element, values, started, at, name, limit) {
    const id = `house-clock-${name}`;
    const named = (option) => `clock.${name}.${option}`;
    const option = (key) => field({ id: `${id}-${key}`, label: words[key], help: "", value: values[named(key)] ?? "", change: (value) => set(element, { [named(key)]: value }) });
    const lasts = field({ id: `${id}-limit`, label: words.duration, help: "", value: limit, change: (value) => {
      started[at] = [name, value || "PT24H"];
      start(element, started);
    } });
    const working = make("input", { type: "checkbox", checked: values[named("calendar")] === "working" });
    working.addEventListener("change", () => set(element, { [named("calendar")]: working.checked ? "working" : "" }));
    const remove = make("button", { type: "button", className: "link", textContent: words.remove_limit });
    remove.addEventListener("click", () => {
      start(element, started.filter(([other]) => other !== name), { [named("from")]: "", [named("warn")]: "", [named("calendar")]: "" });
      show(element);
    });
    return make("div", { className: "clock" }, make("strong", { textContent: `${lists.clocks[name] ?? name} (${name})` }), lasts, option("from"), option("warn"),
      make("label", { className: "check" }, working, words.calendar), remove);
  }

  function show(element) {
    shown = element;
    place.replaceChildren();
    if (!element) {
      place.append(make("p", { className: "soft small", textContent: words.nothing }));
      return;
    }
    const thing = owner(element);
    const values = properties(thing);
    const fitting = fields.filter(({ kinds }) => kinds.includes(kind(thing)));
    const own = fitting.filter(({ extension }) => !extension);
    place.append(make("p", { className: "small soft mono", textContent: thing.id }), ...decision(thing, lists.decisions, box, words),
      ...own.map((each) => entry(element, each, values)));
    const others = fitting.filter((each) => !own.includes(each));
    if (!others.length) return;
    place.append(clocks(element, values));
    const more = make("details", { open: others.some(({ name }) => values[name]) }, make("summary", { textContent: words.extension }), ...others.map((each) => entry(element, each, values)));
    place.append(more);
  }

  function current() {
    const chosen = modeler.get("selection").get();
    const one = chosen.length === 1 ? chosen[0] : chosen.length ? null : modeler.get("canvas").getRootElement();
    return one?.labelTarget ?? one;
  }

  modeler.on("selection.changed", () => show(current()));
  modeler.on("commandStack.changed", () => {
    if (!writing && !place.contains(document.activeElement)) show(current());
  });
  show(current());
  if (!box.dataset.editable) place.inert = true;
}
