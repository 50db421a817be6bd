/* The frame within the page of another site: its height, told to that site alone, and the way out of both. */
(function () {
  "use strict";
  var origins = document.body.getAttribute("data-origines").split(" "), host = null;
  var form = document.getElementById("quitter-cadre");

  function tell() {
    var height = Math.ceil(document.body.getBoundingClientRect().height);
    if (host) { window.parent.postMessage({assistant: "hauteur", hauteur: height}, host); }
  }
  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || origins.indexOf(event.origin) < 0) { return; }
    if (event.data && event.data.assistant === "bonjour") { host = event.origin; tell(); }
  });
  if (window.ResizeObserver) { new ResizeObserver(tell).observe(document.body); }
  /* A new page in the frame: the site did not see it come. `*` tells that there is one, and nothing else. */
  if (window.parent !== window) { window.parent.postMessage({assistant: "ici"}, "*"); }

  /* The screen is emptied first; the site around is replaced in the history. */
  function leave(event) {
    var fields = new URLSearchParams(new FormData(form));
    event.preventDefault();
    document.body.hidden = true;
    document.title = "";
    try { sessionStorage.clear(); } catch (error) { /* refused: nothing was kept there */ }
    fields.set("discret", "oui");
    navigator.sendBeacon(form.action, fields);
    try { window.top.location.replace(form.getAttribute("data-vers")); }
    catch (error) { document.body.textContent = ""; /* the site keeps its page: this frame is empty */ }
  }
  form.addEventListener("submit", leave);
  if (document.getElementById("echap")) {
    document.getElementById("echap").hidden = false;
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") { leave(event); } });
  }
}());
