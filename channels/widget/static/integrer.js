/* Put the assistant where this script stands: a frame with a title, as high as what it shows and the window allows,
   or a plain link.
   data-titre: the title of the frame. data-hauteur: its least height, in pixels. */
(function () {
  "use strict";
  var script = document.currentScript, service = new URL(script.src).origin, PATIENCE_MS = 3000;
  var least = Math.max(320, Number(script.getAttribute("data-hauteur")) || 480), came = false, wanted = 0;
  var frame = document.createElement("iframe");

  frame.src = service + "/integrer";
  frame.title = script.getAttribute("data-titre") || "Assistant droits et démarches";
  frame.style.cssText = "display:block;width:100%;border:0;height:" + least + "px";
  /* Not higher than the window: the way out, at the top of the frame, stays in reach. */
  function fit() {
    var most = Math.max(least, Math.round(window.innerHeight * 0.9));
    frame.style.height = Math.min(Math.max(wanted, least), most) + "px";
  }
  function hello() { frame.contentWindow.postMessage({assistant: "bonjour"}, service); }

  /* The frame never came, or this site may not show it: the assistant is one link away. */
  function fallBack() {
    var line = document.createElement("p"), link = document.createElement("a");
    if (came) { return; }
    link.href = service + "/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Ouvrir l'assistant (nouvel onglet)";
    line.appendChild(link);
    frame.parentNode.replaceChild(line, frame);
  }
  window.addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || event.origin !== service || !event.data) { return; }
    if (event.data.assistant === "ici") { came = true; hello(); }
    if (event.data.assistant === "hauteur" && event.data.hauteur > 0) { wanted = event.data.hauteur; fit(); }
  });
  window.addEventListener("resize", fit);
  script.parentNode.insertBefore(frame, script.nextSibling);
  frame.addEventListener("load", function () { setTimeout(fallBack, PATIENCE_MS); });
}());
