// The console works without this file, which shows a password while it is typed.

for (const box of document.querySelectorAll("[data-montre]")) {
  const fields = box.dataset.montre.split(" ").map((id) => document.getElementById(id));
  const show = (shown) => fields.forEach((field) => { field.type = shown ? "text" : "password"; });
  box.checked = false;
  box.closest("p").hidden = false;
  box.addEventListener("change", () => show(box.checked));
  // As text, a browser would keep it among the words it proposes.
  box.form.addEventListener("submit", () => show(false));
}
