/* The shared screen: wiped on "J'ai fini", and when nobody touches it any more, after a warning. */
(function () {
  "use strict";
  var body = document.body, dialog = document.getElementById("encore"), rest = document.getElementById("reste");
  var idle = Number(body.getAttribute("data-secondes")) * 1000, grace = Number(body.getAttribute("data-encore")) * 1000;
  var used = body.hasAttribute("data-utilisee"), touched = Date.now(), asked = 0, ending = false;
  var TICK_MS = 500, AGAIN_MS = 5000;

  /* Kept open by what it may hold: shown again from the browser's memory, it is asked for again. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { body.hidden = true; location.reload(); }
  });

  /* The screen is emptied first. Until the server has erased, nobody else may find the conversation. */
  function wipe() {
    var request = new XMLHttpRequest();
    if (!ending) {
      ending = true;
      document.title = "";
      Array.prototype.slice.call(body.children).forEach(function (part) {
        if (part.id !== "panne") { body.removeChild(part); }
      });
    }
    request.open("POST", "/borne/fini");
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onload = function () {
      if (request.status === 200) { location.replace("/borne?fini"); } else { request.onerror(); }
    };
    request.onerror = function () {
      var told = document.getElementById("panne");
      told.hidden = false;
      told.textContent = "La borne s'arrête un instant. Elle revient toute seule.";
      setTimeout(wipe, AGAIN_MS);
    };
    request.send("");
  }
  function ask() {
    asked = Date.now();
    dialog.showModal();
  }
  function goOn() {
    asked = 0;
    if (dialog.open) { dialog.close(); }
  }
  function look() {
    var now = Date.now(), left;
    if (ending || !used) { return; }
    if (!asked) {
      if (now - touched >= idle + grace) { wipe(); return; } /* the machine slept */
      if (now - touched >= idle) { ask(); }
      return;
    }
    left = Math.ceil((grace - (now - asked)) / 1000);
    rest.textContent = Math.max(0, left);
    if (left <= 0) { wipe(); }
  }
  /* One touch or any key goes on, and does nothing else. */
  function touch(event) {
    touched = Date.now();
    if (asked) {
      if (event.type === "keydown") { event.preventDefault(); }
      goOn();
    }
  }
  ["pointerdown", "keydown", "wheel", "touchstart"].forEach(function (name) {
    document.addEventListener(name, touch, {capture: true, passive: false});
  });
  /* A reader scrolls with a finger for minutes: that is somebody. */
  document.addEventListener("scroll", function () { touched = Date.now(); }, true);
  document.addEventListener("input", function () { used = true; touched = Date.now(); });
  dialog.addEventListener("cancel", function (event) { event.preventDefault(); goOn(); });
  document.getElementById("continuer").addEventListener("click", goOn);
  var end = document.getElementById("fini");
  if (end) { end.addEventListener("submit", function (event) { event.preventDefault(); wipe(); }); }
  setInterval(look, TICK_MS);
}());
