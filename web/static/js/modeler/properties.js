// Reads and writes camunda:property elements, as one step that can be undone.

/** The properties of an element by name. */
export function properties(thing) {
  const held = thing.get("extensionElements")?.get("values").find(({ $type }) => $type === "camunda:Properties");
  return Object.fromEntries((held?.get("values") ?? []).map(({ name, value }) => [name, value]));
}

/** Sets properties; one without a value goes. Everything else in the extension elements stays as it is. */
export function write(modeler, element, thing, changed) {
  const moddle = modeler.get("moddle");
  const before = thing.get("extensionElements")?.get("values") ?? [];
  const held = before.find(({ $type }) => $type === "camunda:Properties");
  const kept = (held?.get("values") ?? []).map(({ id, name, value }) => [name, value, id])
    .map(([name, value, id]) => [name, name in changed ? changed[name] : value, id]);
  const known = new Set(kept.map(([name]) => name));
  const added = Object.entries(changed).filter(([name]) => !known.has(name));
  const rows = [...kept, ...added].filter(([, value]) => value !== "" && value !== undefined);
  const list = moddle.create("camunda:Properties", {});
  list.values = rows.map(([name, value, id]) => {
    const property = moddle.create("camunda:Property", id ? { id, name, value } : { name, value });
    property.$parent = list;
    return property;
  });
  const others = before.filter((each) => each !== held);
  const values = rows.length ? [...others, list] : others;
  const extension = values.length ? moddle.create("bpmn:ExtensionElements", { values }) : undefined;
  if (extension) extension.$parent = thing;
  for (const each of values) each.$parent = extension;
  modeler.get("modeling").updateModdleProperties(element, thing, { extensionElements: extension });
}

const PAIR = /([^\s,;，；、]+)[\s,;，；、]+([$#]\{(?:[^{}]|\{[^}]*\})*\}|[^\s,;，；、]+)/g;

/** `report PT24H confirm ${hours}` as pairs. */
export function pairs(text = "") {
  return [...text.matchAll(PAIR)].map(([, name, limit]) => [name, limit]);
}
