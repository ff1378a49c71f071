// The modeler of a draft: opens the file, saves it with its revision, guards what is not saved yet.
import { checker } from "./problems.js";
import { house } from "./house.js";
import { titles, translator } from "./words.js";

const box = document.querySelector("#modeler");
const words = JSON.parse(box.dataset.words);
const status = document.querySelector("#saved");
const button = document.querySelector("#save");
const stale = document.querySelector("#stale");
const PALETTE = 90; // pixels that it covers on the left
let revision = Number(box.dataset.revision);
let kept = ""; // what is saved, as the modeler writes it
let saving = false;

for (const note of document.querySelectorAll("[data-without-scripts]")) note.remove(); // only for those without us

const translate = await translator(box.dataset.dictionary);
const modeler = new globalThis.BpmnModeler({
  container: "#canvas",
  propertiesPanel: { parent: "#properties" },
  additionalModules: [{ translate: ["value", translate] }],
  elementTemplateChooser: false,
  alignToOrigin: { alignOnSave: false }, // else the first save moves every shape, and a comparison says so
  bpmnRenderer: { defaultFillColor: "#ffffff", defaultStrokeColor: "#2b3646", defaultLabelColor: "#17212e" },
});

titles(document.querySelector("#properties"), translate);

/** The whole diagram, again whenever the width changes. */
function fit() {
  const place = document.querySelector("#canvas");
  let width = 0;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    modeler.get("canvas").resized();
    const whole = modeler.get("canvas").zoom("fit-viewport", "auto");
    modeler.get("canvas").zoom(whole * 0.86, "auto");
    modeler.get("canvas").scroll({ dx: PALETTE / 2, dy: 0 });
  }).observe(place);
}

async function drawn() {
  return (await modeler.saveXML({ format: true })).xml;
}

function sent(xml) {
  const data = new FormData();
  data.append("csrf_token", box.dataset.token);
  data.append("revision", revision);
  data.append("content", new Blob([xml], { type: "application/xml" }), box.dataset.name);
  return { method: "POST", body: data };
}

const dirty = () => button && status.dataset.state === "changed";

function say(state, text = words[state]) {
  status.dataset.state = state;
  status.textContent = text;
}

async function save() {
  if (!button || saving) return;
  saving = true;
  const xml = await drawn();
  say("saving");
  try {
    const answer = await fetch(box.dataset.save, sent(xml));
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    if (answer.ok && told) {
      revision = told.revision;
      kept = xml;
      say((await drawn()) === kept ? "saved" : "changed");
    } else {
      refused(told, xml);
    }
  } catch {
    say("changed", words.offline);
  } finally {
    saving = false;
  }
}

function refused(told, xml) {
  say("changed", told ? words.changed : words.offline);
  if (!told) return;
  document.querySelector("#stale-text").textContent = told.message;
  document.querySelector("#stale-theirs").hidden = told.code !== "stale_draft";
  document.querySelector("#stale-mine").onclick = () => download(xml);
  stale.showModal();
}

function download(xml) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([xml], { type: "application/xml" }));
  link.download = box.dataset.name;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.querySelector("#stale-back").addEventListener("click", () => stale.close());
button?.addEventListener("click", save);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    document.activeElement?.blur?.(); // a field of the panel hands over what was typed
    save();
  }
}, true);
addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });

try {
  const answer = await fetch(box.dataset.url);
  if (!answer.ok) throw new Error(answer.statusText);
  await modeler.importXML(await answer.text());
  fit();
  kept = await drawn();
  const check = checker(modeler, box, words, drawn, sent);
  house(modeler, box, words);
  modeler.on("commandStack.changed", () => { if (button) say("changed"); check.soon(); });
  const asked = () => check.choose(decodeURIComponent(location.hash).replace("#element-", ""));
  addEventListener("hashchange", asked);
  asked();
  check.now();
  box.dataset.ready = "1";
} catch (error) {
  console.info(error);
  say("damaged");
}
