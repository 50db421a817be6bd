// The console works without this file. It counts a reply while it is typed, tells what arrives, and answers to keys.

// -- how long a reply is: the same count as channels/console/reply_length.py (tests hold them together) --

const TO_GSM = new Map(Object.entries({
  "ç": "c", "ê": "e", "â": "a", "î": "i", "ô": "o", "û": "u", "ë": "e", "ï": "i", "ÿ": "y", "œ": "oe", "æ": "ae",
  "Œ": "OE", "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U",
  "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", "•": "-", "°": "o",
  "²": "2", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}));
const EXTENDED = new Set("^{}\\[~]|€\f");
const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
  + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà" + [...EXTENDED].join(""),
);
const UNSEEN = /^[\p{So}\p{Sk}\p{Cf}\p{Cs}\p{Co}\p{Cc}]$/u;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

const all = (text) => [...text].every((char) => GSM.has(char));
const cost = (char, foreign) => (foreign ? char.length : EXTENDED.has(char) ? 2 : 1);

function plain(char) {
  if (GSM.has(char)) return char;
  if (UNSEEN.test(char)) return "";
  const base = char.normalize("NFKD").replace(/\p{M}/gu, "");
  return base && all(base) ? base : char;
}

export function toGsm(text) {
  const spaced = text.replace(/«[ \u00a0]/g, '"').replace(/[ \u00a0]»/g, '"');
  const simple = [...spaced].map((char) => TO_GSM.get(char) ?? char).join("");
  return all(simple) ? simple : [...simple].map(plain).join("");
}

export function countSegments(text) {
  const foreign = !all(text);
  const [single, linked] = foreign ? [70, 67] : [160, 153];
  let segments = 1;
  let used = 0;
  let units = 0;
  for (const char of text) {
    const one = cost(char, foreign);
    units += one;
    used += one;
    if (used > linked) {
      segments += 1;
      used = one;
    }
  }
  return { foreign, units, segments: units <= single ? 1 : segments };
}

export function cleanText(text) {
  return text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/\t/g, " ").replace(CONTROL, "").trim();
}

export function measure(text, limits) {
  const words = cleanText(text);
  const length = { characters: [...words].length, segments: 0, units: 0, is_foreign: false };
  if (!limits.is_sms || !words) return length;
  const body = limits.is_flat ? words.split(/\s+/).join(" ") : words;
  const { foreign, units, segments } = countSegments(toGsm(limits.prefix + body));
  return { ...length, segments, units, is_foreign: foreign };
}

export function lengthText(text, limits) {
  const length = measure(text, limits);
  let said = `${length.characters} caractère${length.characters > 1 ? "s" : ""} sur ${limits.longest}.`;
  if (length.characters > limits.longest) said += ` Retirez ${length.characters - limits.longest}.`;
  if (!length.segments) return said;
  said += ` ${length.segments} SMS avec votre nom.`;
  if (length.is_foreign) said += " Une écriture autre que le français : 70 caractères par SMS au lieu de 160.";
  return said;
}

// -- the page ------------------------------------------------------------------------------------------

const byId = (id) => document.getElementById(id);
const SOUND = "console-son";
const TITLE = typeof document === "undefined" ? "" : document.title.replace(/^\(\d+\) /, "");

function tell(words) {
  const state = byId("etat");
  if (state) state.textContent = words;
}

function watchReply() {
  const field = byId("reponse");
  const count = byId("longueur");
  if (!field || !count) return;
  const limits = JSON.parse(field.dataset.limites);
  const show = () => {
    count.textContent = lengthText(field.value, limits);
  };
  field.addEventListener("input", show);
  show();
  for (const button of document.querySelectorAll("button[data-texte]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      insert(field, button.dataset.texte);
      show();
      tell(`Texte ajouté à votre réponse : ${button.textContent.trim()}`);
    });
  }
}

function insert(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const gap = before && !/\s$/.test(before) ? "\n\n" : "";
  field.value = `${before}${gap}${text}${after}`;
  const end = before.length + gap.length + text.length;
  field.focus();
  field.setSelectionRange(end, end);
}

function warnBeforeLeaving() {
  // A reply begun is kept in the page only: nothing of residents stays in the browser.
  const fields = [...document.querySelectorAll("textarea")];
  let sending = false;
  document.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && fields.some((field) => field.value !== field.defaultValue)) event.preventDefault();
  });
}

// -- keys ----------------------------------------------------------------------------------------------

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // On some keyboards Alt makes another character: the place of the key then says which letter it is.
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key/, "");
    const target = letter.length === 1 && document.querySelector(`[aria-keyshortcuts="Alt+${letter}"]`);
    if (!target) return;
    event.preventDefault();
    press(target);
  });
}

function press(target) {
  const goal = target.hash && target.pathname === location.pathname ? document.querySelector(target.hash) : null;
  if (!goal) {
    target.click();
    return;
  }
  goal.closest("details")?.setAttribute("open", "");
  goal.focus();
  goal.scrollIntoView({ block: "center" });
}

function walkTheList() {
  const list = byId("file");
  if (!list) return;
  const links = [...list.querySelectorAll("a.demande")];
  let place = -1;
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest("li");
    place = links.findIndex((link) => item?.contains(link));
  });
  const step = (move) => links[Math.min(links.length - 1, Math.max(0, place + move))]?.focus();
  byId("suivante").addEventListener("click", () => step(1));
  byId("precedente").addEventListener("click", () => step(-1));
}

// -- what arrives --------------------------------------------------------------------------------------

function follow() {
  const live = byId("direct");
  if (!live || !window.EventSource) return;
  live.hidden = false;
  const known = new Set((live.dataset.connues || "").split(" ").filter(Boolean));
  const address = live.dataset.demande
    ? `/console/evenements?demande=${encodeURIComponent(live.dataset.demande)}&marque=${encodeURIComponent(live.dataset.marque)}`
    : "/console/evenements";
  const source = new EventSource(address);
  let lost = false;
  source.addEventListener("open", () => {
    if (lost) byId("liaison").textContent = "La connexion est revenue.";
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    byId("liaison").textContent =
      source.readyState === EventSource.CLOSED
        ? "Les nouvelles n'arrivent plus. Actualisez la page ; vous devrez peut-être vous reconnecter."
        : "La connexion est perdue. Les nouvelles arriveront dès son retour.";
  });
  source.addEventListener("file", (event) => showWaiting(JSON.parse(event.data), known));
  source.addEventListener("danger", (event) => alertOf(JSON.parse(event.data).reference));
  source.addEventListener("message", () => addLines(live.dataset.suite));
  source.addEventListener("fin", () => {
    source.close();
    byId("liaison").textContent = "Votre session est finie. Copiez ce que vous écrivez, puis reconnectez-vous.";
  });
  // Left open, a stream holds one of the six connections a browser has: it ends with its page.
  window.addEventListener("pagehide", () => source.close());
  soundButton();
}

function showWaiting({ waiting, newest }, known) {
  document.title = waiting ? `(${waiting}) ${TITLE}` : TITLE;
  const fresh = newest.filter((reference) => !known.has(reference)).length;
  const line = byId("nouvelles");
  if (!line) return;
  const words = fresh === 0 ? "" : fresh === 1 ? "1 nouvelle demande." : `${fresh} nouvelles demandes.`;
  byId("actualiser").hidden = fresh === 0;
  if (line.textContent !== words) line.textContent = words;
}

function alertOf(reference) {
  const paragraph = document.createElement("p");
  const link = document.createElement("a");
  link.href = `/console/demandes/${encodeURIComponent(reference)}`;
  link.textContent = `ouvrir la demande ${reference}`;
  paragraph.append("Danger : une personne attend, ", link, ".");
  byId("alerte").append(paragraph);
  if (isSoundOn()) beep();
}

async function addLines(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) {
    byId("liaison").textContent = "Il y a du nouveau dans cette demande. Actualisez la page.";
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = [];
  for (const id of ["fil", "suivi", "notes"]) {
    const list = byId(id);
    for (const item of fresh.querySelectorAll(`#${id} > li`)) {
      const old = byId(item.id);
      if (!old) {
        list.append(item);
        if (item.dataset.annonce) said.push(`Nouveau message : ${item.textContent.replace(/\s+/g, " ").trim()}`);
      } else if (old.querySelector(".remise")) {
        old.querySelector(".remise").replaceWith(item.querySelector(".remise"));
      }
    }
  }
  const agreement = fresh.getElementById("accord");
  if (agreement) byId("accord")?.replaceWith(agreement);
  const state = fresh.getElementById("etat-demande");
  if (state && state.textContent !== byId("etat-demande").textContent) {
    byId("etat-demande").replaceWith(state);
    said.push(`${state.textContent.trim()}. Actualisez la page pour voir ce que vous pouvez faire.`);
  }
  if (said.length) tell(said.join(" "));
}

// -- the sound of a danger -----------------------------------------------------------------------------

let audio = null;

function isSoundOn() {
  return audio !== null && localStorage.getItem(SOUND) === "oui";
}

function beep() {
  const start = audio.currentTime;
  for (const [rank, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, start + rank * 0.25);
    volume.gain.exponentialRampToValueAtTime(0.001, start + rank * 0.25 + 0.24);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + rank * 0.25);
    tone.stop(start + rank * 0.25 + 0.25);
  }
}

function soundButton() {
  const button = byId("son");
  const show = () => {
    const on = localStorage.getItem(SOUND) === "oui";
    button.setAttribute("aria-pressed", String(on));
  };
  button.addEventListener("click", () => {
    localStorage.setItem(SOUND, localStorage.getItem(SOUND) === "oui" ? "non" : "oui");
    audio ??= new AudioContext();
    if (isSoundOn()) beep();
    show();
  });
  // Browsers let a page make a sound only after a gesture in it: the first one prepares it.
  const prepare = () => { audio ??= new AudioContext(); };
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, prepare, { once: true });
  show();
}

if (typeof document !== "undefined") {
  watchReply();
  warnBeforeLeaving();
  walkTheList();
  follow();
  if (document.documentElement.dataset.raccourcis === "oui") listenToKeys();
}
