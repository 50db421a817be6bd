// The sheet works without this file. Nothing of a person is kept: ticks live in the page, and are gone with it.

const say = (id, words) => {
  const place = document.getElementById(id);
  if (place) place.textContent = words;
};
const ticks = () => [...document.querySelectorAll(".coches input")];

function untick() {
  for (const tick of ticks()) tick.checked = false;
}

function ticking() {
  for (const button of document.querySelectorAll("[data-decocher]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      untick();
      say("etat", "Toutes les coches sont effacées.");
    });
  }
  // A page taken back from the memory of the browser would show what was ticked with somebody before.
  addEventListener("pageshow", (event) => { if (event.persisted) untick(); });
}

function handing() {
  for (const button of document.querySelectorAll("[data-imprimer]")) button.addEventListener("click", () => print());
  for (const button of document.querySelectorAll("[data-copier]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copier);
      try {
        await navigator.clipboard.writeText(field.value);
        say("copie-dit", "Le texte est copié.");
      } catch {
        field.focus();
        field.select();
        say("copie-dit", "Le texte est sélectionné. Copiez-le avec Ctrl+C.");
      }
    });
  }
}

function blocking() {
  const form = document.getElementById("choix-bloque");
  if (!form) return;
  form.addEventListener("change", (event) => {
    for (const help of document.querySelectorAll(".aide-bloque")) {
      help.hidden = help.id !== `aide-bloque-${event.target.value}`;
    }
    say("bloque-dit", "L'aide qui convient est affichée sous la question.");
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

function texting() {
  const form = document.getElementById("sms");
  if (!form) return;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault(); // the page stays, and its ticks with it
    if (busy) return;
    busy = true;
    say("sms-dit", "Envoi en cours.");
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const done = page.getElementById("fait")?.textContent;
      const faults = [...page.querySelectorAll(".resume-erreur li")].map((item) => item.textContent.trim());
      if (done && response.ok) {
        document.getElementById("telephone").value = "";
        say("sms-dit", done.trim());
      } else {
        say("sms-dit", faults.length ? `Erreur : ${faults.join(" ")}` : "Le SMS n'est pas parti. Reconnectez-vous, puis réessayez.");
        document.getElementById("telephone").focus();
      }
    } catch {
      say("sms-dit", "Le SMS n'est pas parti : la connexion est perdue. Réessayez.");
    }
    busy = false;
  });
}

for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
for (const part of document.querySelectorAll("[data-sans-script]")) part.hidden = true;
ticking();
handing();
blocking();
texting();
