// Draws diagrams. Those of a case show what was done, the path taken and where the case is now; those of two
// versions show what was added, removed, changed and moved.
"use strict";

const CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const STYLE = { bpmnRenderer: { defaultFillColor: "#ffffff", defaultStrokeColor: "#2b3646", defaultLabelColor: "#17212e" } };

/** The diagram with its English names (camunda:property name.en) where it has them. */
function inEnglish(xml) {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  for (const property of tree.getElementsByTagNameNS(CAMUNDA, "property")) {
    if (property.getAttribute("name") !== "name.en") continue;
    const element = property.parentElement?.parentElement?.parentElement; // properties, extensionElements, element
    element?.setAttribute("name", property.getAttribute("value"));
  }
  for (const participant of tree.getElementsByTagNameNS(BPMN, "participant")) {
    const process = tree.querySelector(`[id="${CSS.escape(participant.getAttribute("processRef") ?? "")}"]`);
    if (process?.hasAttribute("name")) participant.setAttribute("name", process.getAttribute("name"));
  }
  return new XMLSerializer().serializeToString(tree);
}

/** What the page says about a diagram, as JSON in an attribute; most diagrams say only part of it. */
const said = (box, name, none) => JSON.parse(box.dataset[name] ?? none);

function mark(viewer, box) {
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) => viewer.get(name));
  const current = [...said(box, "current", "[]"), ...said(box, "inside", "[]")];
  const badge = (id, text, kind) => {
    const html = document.createElement("div");
    html.className = `diagram-count ${kind}`;
    html.textContent = text;
    overlays.add(id, { position: { top: -12, right: 14 }, html });
  };
  for (const [id, times] of Object.entries(said(box, "completed", "{}"))) {
    const shape = registry.get(id);
    if (!shape) continue;
    canvas.addMarker(id, "done");
    if (times > 1 && !shape.type.endsWith("Gateway")) badge(id, times, ""); // it would cover the question
  }
  for (const id of said(box, "flows", "[]")) if (registry.get(id)) canvas.addMarker(id, "taken");
  for (const id of new Set(current)) {
    if (!registry.get(id)) continue;
    canvas.removeMarker(id, "done");
    canvas.addMarker(id, "now");
    const here = current.filter((each) => each === id).length;
    badge(id, here > 1 ? `${box.dataset.now} ${here}` : box.dataset.now, "now");
  }
}

const SIGNS = { added: "+", removed: "−", changed: "≠", moved: "↔" };

/** Where the sign of a difference stands: at a shape's upper right, in the middle of a line. */
function place({ waypoints, x, y }) {
  if (!waypoints) return { top: -10, right: 10 };
  const middle = Math.floor((waypoints.length - 1) / 2);
  const [from, to] = [waypoints[middle], waypoints[middle + 1]];
  const [left, top] = ["x", "y"].map((axis) => Math.min(...waypoints.map((point) => point[axis])));
  return { left: (from.x + to.x) / 2 - left - 9, top: (from.y + to.y) / 2 - top - 9 };
}

/** Marks how a shape differs from the other version: a colour, a kind of line, and a sign with its word. */
function compare(viewer, box) {
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) => viewer.get(name));
  const words = said(box, "words", "{}");
  for (const [id, how] of Object.entries(said(box, "marks", "{}"))) {
    const shape = registry.get(id);
    if (!shape) continue;
    canvas.addMarker(id, `is-${how}`);
    const html = document.createElement("div");
    html.className = `diagram-sign is-${how}`;
    html.textContent = SIGNS[how];
    html.title = words[how];
    overlays.add(id, { position: place(shape), html });
  }
}

/** A called process that has a tab of its own opens on a click. */
function link(viewer) {
  const target = (element) => panels.get(element.businessObject?.calledElement);
  viewer.get("eventBus").on("element.click", ({ element }) => {
    if (target(element)) choose(element.businessObject.calledElement, true);
  });
  viewer.get("elementRegistry").filter(target).forEach(({ id }) => viewer.get("canvas").addMarker(id, "opens"));
}

const TELEPHONE = 600; // pixels; below, a whole diagram could not be read
const READABLE = 0.6;

/** The whole diagram with a little air, or where the case is on a telephone; again whenever the width changes. */
function fit(viewer, box) {
  const [canvas, registry] = [viewer.get("canvas"), viewer.get("elementRegistry")];
  let width = 0;
  new ResizeObserver(() => {
    if (!box.clientWidth || box.clientWidth === width) return;
    width = box.clientWidth;
    canvas.resized();
    const whole = canvas.zoom("fit-viewport", "auto") * 0.92;
    canvas.zoom(width < TELEPHONE ? Math.max(whole, READABLE) : whole, "auto");
    const here = registry.get(said(box, "current", "[]")[0]) ?? registry.find(({ type }) => type === "bpmn:StartEvent");
    if (width < TELEPHONE && here) canvas.scrollToElement(here, 40);
  }).observe(box);
}

async function draw(box) {
  if (box.dataset.drawn) return;
  box.dataset.drawn = "1";
  box.hidden = false;
  try {
    const answer = await fetch(box.dataset.url);
    if (!answer.ok) throw new Error(answer.statusText);
    const xml = await answer.text();
    const viewer = new BpmnNavigatedViewer({ container: box, ...STYLE });
    await viewer.importXML(box.dataset.english ? inEnglish(xml) : xml);
    mark(viewer, box);
    compare(viewer, box);
    link(viewer);
    fit(viewer, box);
    box.classList.remove("waiting");
    box.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  } catch (error) {
    console.error(error);
    box.dataset.waiting = box.dataset.failed;
  }
}

const panels = new Map([...document.querySelectorAll("[data-panel]")].map((panel) => [panel.dataset.panel, panel]));
const tabs = [...document.querySelectorAll("[data-tabs] a")];
for (const note of document.querySelectorAll("[data-without-scripts]")) note.remove(); // only for those without us

function choose(process, remember) {
  for (const [id, panel] of panels) {
    panel.hidden = id !== process;
    if (tabs.length) panel.querySelector("h3").className = "hidden-label"; // the tab says it
  }
  for (const tab of tabs) {
    if (tab.dataset.for === process) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  if (remember) history.replaceState(null, "", `#diagram-${process}`);
  panels.get(process).querySelectorAll(".diagram").forEach(draw);
}

for (const tab of tabs) {
  tab.addEventListener("click", (event) => { event.preventDefault(); choose(tab.dataset.for, true); });
}
const wanted = location.hash.startsWith("#diagram-") ? location.hash.slice(9) : "";
const active = [...panels].find(([, panel]) => "current" in panel.dataset);
if (panels.size) choose(panels.has(wanted) ? wanted : (active ?? [...panels][0])[0], false);
