// A business rule task leads to the table of its decision, where the draft holds it.
import { make } from "./entries.js";

/** A link to the editor of the decision, or nothing. */
export function decision(thing, decisions, box, words) {
  const name = thing.$type === "bpmn:BusinessRuleTask" ? thing.get("camunda:decisionRef") : null;
  if (!name || !Object.hasOwn(decisions, name)) return [];
  const [file, table] = decisions[name].split("#");
  const href = `${box.dataset.edit.replace("_name_", encodeURIComponent(file))}#${table}`;
  const link = make("a", { href, target: "_blank", rel: "noopener" }, `${words.decision} `, make("span", { className: "mono", textContent: file }));
  return [make("p", {}, link)];
}
