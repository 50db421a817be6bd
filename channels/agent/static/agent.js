// The desk works without this file: it finds while one types, and keeps ids of fiches in this browser, never what was sought.

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const RECENT = `agent-recentes-${root.dataset.compte}`;
const PINNED = `agent-epinglees-${root.dataset.compte}`;
const MOST_RECENT = 8;
const DEBOUNCE_MS = 60;
const SIGN_IN = "/console/connexion?suite=/agent";

function tell(words) {
  const state = byId("etat");
  if (state) state.textContent = words;
}

// -- what this browser keeps: ids of fiches ----------------------------------------------------------------

function read(store, key) {
  try {
    const kept = JSON.parse(store.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => /^[a-z-]+$/.test(id)) : [];
  } catch {
    return [];
  }
}

function write(store, key, ids) {
  try {
    store.setItem(key, JSON.stringify(ids));
  } catch {
    // A browser that keeps nothing still searches.
  }
}

const isPinned = (id) => read(localStorage, PINNED).includes(id);

function pin(id, wanted) {
  const others = read(localStorage, PINNED).filter((one) => one !== id);
  write(localStorage, PINNED, wanted ? [...others, id] : others);
}

function onASheet() {
  const id = root.dataset.fiche;
  if (!id || location.pathname !== `/agent/fiches/${id}`) return;
  write(sessionStorage, RECENT, [id, ...read(sessionStorage, RECENT).filter((one) => one !== id)].slice(0, MOST_RECENT));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second epingle";
  button.textContent = "Épingler cette fiche";
  const show = () => button.setAttribute("aria-pressed", String(isPinned(id)));
  button.addEventListener("click", () => {
    pin(id, !isPinned(id));
    show();
    tell(isPinned(id) ? "Fiche épinglée dans ce navigateur." : "Fiche retirée des fiches épinglées.");
  });
  show();
  document.querySelector("main h1")?.after(button);
}

function forgetAtTheEnd() {
  for (const form of document.querySelectorAll('form[action="/console/deconnexion"]')) {
    form.addEventListener("submit", () => sessionStorage.removeItem(RECENT));
  }
}

function showKept() {
  const place = byId("reperes");
  if (!place) return;
  place.hidden = false;
  for (const [id, store, key] of [["epinglees", localStorage, PINNED], ["recentes", sessionStorage, RECENT]]) {
    const items = read(store, key).map((fiche) => keptItem(fiche, id === "epinglees")).filter(Boolean);
    byId(id).replaceChildren(...items);
    document.querySelector(`[data-vide="${id}"]`).hidden = items.length > 0;
  }
}

function keptItem(fiche, withButton) {
  const known = document.querySelector(`#toutes a[data-fiche="${fiche}"]`);
  if (!known) return null;
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = known.href;
  link.textContent = known.textContent;
  item.append(link);
  if (withButton) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = "Retirer";
    button.setAttribute("aria-label", `Retirer ${known.textContent}`);
    button.addEventListener("click", () => {
      pin(fiche, false);
      showKept();
      tell("Fiche retirée des fiches épinglées.");
      byId("titre-epinglees").tabIndex = -1;
      byId("titre-epinglees").focus();
    });
    item.append(button);
  }
  return item;
}

// -- the box: a combobox whose list is always open (ARIA APG, list autocomplete, automatic selection) --------

class Box {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.active = -1;
    this.shown = field.value.trim();
    this.wantsToOpen = false;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "trouves");
    field.setAttribute("aria-expanded", "false");
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    byId("trouves").addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(option);
    });
    const acts = { haut: () => this.move(-1), bas: () => this.move(1), ouvrir: () => this.openActive(), effacer: () => this.clear() };
    for (const button of document.querySelectorAll("[data-touche]")) {
      button.closest("[hidden]")?.removeAttribute("hidden");
      button.addEventListener("click", () => {
        field.focus();
        acts[button.dataset.touche]();
      });
    }
  }

  get options() {
    return [...document.querySelectorAll("#trouves [role=option]")];
  }

  later() {
    clearTimeout(this.timer);
    this.wantsToOpen = false;
    this.timer = setTimeout(() => this.search(), DEBOUNCE_MS);
  }

  async search() {
    clearTimeout(this.timer);
    this.asking?.abort(); // the last thing typed wins
    const asking = new AbortController();
    this.asking = asking;
    const words = this.field.value.trim();
    if (!words) {
      this.show(null, "");
      return;
    }
    try {
      // A redirection means that the session ended: it is not followed, so that what was typed stays.
      const answer = await fetch(`/agent/chercher?q=${encodeURIComponent(words)}`, { signal: asking.signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        this.fail("Votre session est finie. Ce que vous avez écrit reste ici.", true);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!asking.signal.aborted) this.show(page.getElementById("resultats"), words);
    } catch (error) {
      if (error.name !== "AbortError") this.fail("La recherche ne répond pas. Choisissez « Rechercher » pour réessayer.", false);
    }
  }

  show(list, words) {
    const options = list ? [...list.children] : [];
    this.shown = words;
    this.active = -1;
    byId("panne").hidden = true;
    byId("trouves").replaceChildren(...(options.length ? [list] : []));
    byId("rien").hidden = !list || options.length > 0;
    this.field.setAttribute("aria-expanded", String(options.length > 0));
    if (options.length) this.field.setAttribute("aria-controls", "resultats");
    tell(list ? list.dataset.nombre : "");
    this.choose(options.length ? 0 : -1);
    if (this.wantsToOpen) this.openActive();
  }

  fail(words, isOver) {
    this.wantsToOpen = false;
    this.show(null, "");
    byId("rien").hidden = true;
    const place = byId("panne");
    place.textContent = `${words} `;
    if (isOver) {
      const link = document.createElement("a");
      link.href = SIGN_IN;
      link.target = "_blank";
      link.textContent = "Se reconnecter (nouvel onglet), puis revenir ici";
      place.append(link);
    }
    place.hidden = false;
    tell(words);
  }

  key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Escape") this.clear();
    else return;
    event.preventDefault();
  }

  submit(event) {
    if (!this.field.value.trim()) {
      event.preventDefault();
      return;
    }
    event.preventDefault();
    this.openActive();
  }

  move(step) {
    const count = this.options.length;
    if (count) this.choose((this.active + step + count) % count);
  }

  choose(place) {
    const options = this.options;
    this.active = place;
    options.forEach((option, rank) => option.setAttribute("aria-selected", String(rank === place)));
    if (place < 0) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    this.field.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  openActive() {
    if (this.field.value.trim() !== this.shown) {
      this.search(); // Entrée came before the answer: what it opens is the answer to what is typed
      this.wantsToOpen = true;
      return;
    }
    this.wantsToOpen = false;
    const option = this.options[this.active];
    if (option) this.open(option);
  }

  open(option) {
    location.assign(option.dataset.adresse);
  }

  clear() {
    this.field.value = "";
    this.search();
    this.field.focus();
    tell("La recherche est effacée.");
  }
}

onASheet();
forgetAtTheEnd();
showKept();
const field = byId("recherche");
if (field) {
  const box = new Box(field);
  addEventListener("pageshow", () => {
    showKept();
    if (field.value.trim()) box.search();
  });
  if (location.hash === "#recherche") field.focus(); // a browser skips `autofocus` where the address names a place
}
