/* The conversation without reloading the page. Everything here also works without this file:
   the server renders each message, this only brings it in, and tells a screen reader. */
(function () {
  "use strict";
  var OUT_OF_REACH_MS = 5000, TOLD_MS = 3000, NEXT_MS = 1000, PATIENCE_MS = 20000, SLOW_MS = 1500, LOOK_MS = 5000;
  var byId = function (id) { return document.getElementById(id); };
  var page = byId("conversation"), field = byId("texte"), log = byId("annonce"), status = byId("etat");
  /* Reading it fails in a frame whose cookies are refused. */
  var draft = safely(function () { return window.sessionStorage; });
  var access = field && field.form.querySelector('input[name="acces"]');
  var busy = false, out = false, alarm = null;

  function safely(act) { try { return act(); } catch (error) { return null; } }
  function paragraph(words) {
    var line = document.createElement("p");
    line.textContent = words;
    return line;
  }
  function say(text) { warn(""); status.textContent = text; }
  /* What went wrong: told at once, and gone with the next word of the page. */
  function warn(text) {
    var line = paragraph(text);
    if (alarm) { alarm.parentNode.removeChild(alarm); }
    alarm = text ? status.parentNode.insertBefore(line, status) : null;
    if (alarm) { status.textContent = ""; line.className = "etat"; line.setAttribute("role", "alert"); }
  }
  /* The parts of an answer, each with its language: one, but for an answer in another language. */
  function partsOf(line) {
    var tongues = (line.getAttribute("data-langues") || "fr").split(" ");
    return line.getAttribute("data-dit").split("\n").map(function (words, rank) {
      return {words: words, lang: tongues[rank]};
    });
  }
  /* One paragraph a language, one after the other: Orca mixes up those that come together. */
  function announce(part, rank) {
    var line = paragraph(part.words);
    line.lang = part.lang;
    setTimeout(function () { log.appendChild(line); }, rank * NEXT_MS);
    setTimeout(function () { log.removeChild(line); }, rank * NEXT_MS + TOLD_MS);
  }

  /* Leave fast: the screen is emptied first, then this page is replaced in the history. */
  function leave(event) {
    event.preventDefault();
    document.body.hidden = true;
    document.title = "";
    safely(function () { sessionStorage.clear(); });
    location.replace("/quitter");
  }
  var exit = byId("quitter");
  if (exit) {
    exit.addEventListener("click", leave);
    /* The key is heard only on a page that says so. */
    if (byId("echap")) {
      byId("echap").hidden = false;
      document.addEventListener("keydown", function (event) {
        if (event.key === "Escape" || event.key === "Esc") { leave(event); }
      });
    }
  }
  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });

  /* What is being written is kept in this tab only, until it is sent. */
  if (field && draft) {
    if (!field.value) { field.value = safely(function () { return draft.getItem("brouillon"); }) || ""; }
    field.addEventListener("input", function () {
      safely(function () { draft.setItem("brouillon", field.value); });
    });
  }
  function forget() { safely(function () { draft.removeItem("brouillon"); }); }
  if (!page) {
    if (field) { field.form.addEventListener("submit", forget); }
    return;
  }

  /* Orca reads a new page by itself from the focus on, but not when its address names a place: the focus
     stays on the last answer, the place goes out of the address, and a reload finds it again. */
  if ((location.hash === "#derniere" || history.state === "derniere") && byId("derniere")) {
    history.replaceState("derniere", "", location.pathname + location.search);
    byId("derniere").focus({preventScroll: true});
    byId("derniere").scrollIntoView(true);
  }

  function lastId() {
    var lines = page.querySelectorAll("li[data-id]");
    return lines.length ? lines[lines.length - 1].getAttribute("data-id") : "";
  }
  function isShown(id) { return page.querySelector('li[data-id="' + id + '"]') !== null; }
  function replace(id, source) {
    var fresh = source.getElementById(id), old = byId(id);
    if (fresh) { old.parentNode.replaceChild(document.importNode(fresh, true), old); }
  }

  /* Bring in the lines the page does not have yet, and what may be answered now. */
  function show(html) {
    var source = new DOMParser().parseFromString(html, "text/html");
    var lines = source.querySelectorAll("#fil > li"), latest = byId("derniere"), i, line;
    if (latest && source.getElementById("derniere")) {
      latest.removeAttribute("id");
      latest.removeAttribute("tabindex");
    }
    for (i = 0; i < lines.length; i += 1) {
      line = lines[i];
      if (!isShown(line.getAttribute("data-id"))) {
        byId("fil").appendChild(document.importNode(line, true));
        if (line.getAttribute("data-dit")) { partsOf(line).forEach(announce); }
      }
    }
    replace("avis", source);
    replace("suite", source);
    var fresh = source.querySelector('input[name="form_id"]'), ids = document.querySelectorAll('input[name="form_id"]');
    for (i = 0; fresh && i < ids.length; i += 1) { ids[i].value = fresh.value; }
    addGestures();
    addChoices();
    if (lines.length && byId("derniere")) { byId("derniere").scrollIntoView(true); }
  }

  function ask(method, address, body, done, failed) {
    var request = new XMLHttpRequest();
    request.open(method, address);
    request.setRequestHeader("X-Depuis", lastId());
    if (body) { request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded"); }
    else if (access) { request.setRequestHeader("X-Acces", access.value); }
    request.timeout = PATIENCE_MS;
    request.onload = function () {
      if (request.status === 200 && request.getResponseHeader("X-Suite")) { done(request.responseText); }
      else if (request.status === 200) { location.replace(request.responseURL || "/"); }
      else { failed(true); }
    };
    request.onerror = request.ontimeout = function () { failed(false); };
    request.send(body);
  }
  function refresh() {
    if (!busy) { ask("GET", page.getAttribute("data-suite"), null, function (html) { show(html); }, function () {}); }
  }

  /* Refused by the server: sent again as a plain form, whose page says why and keeps the text. */
  function sendPlainly(fields) {
    var form = document.createElement("form"), name, input;
    form.method = "post";
    form.action = field.form.action;
    for (name in fields) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = fields[name];
      form.appendChild(input);
    }
    document.body.appendChild(form);
    form.submit();
  }
  function encode(fields) {
    var parts = [], name;
    for (name in fields) { parts.push(encodeURIComponent(name) + "=" + encodeURIComponent(fields[name])); }
    return parts.join("&");
  }
  function send(fields, isTyped) {
    if (busy) { return; }
    busy = true;
    var slow = setTimeout(function () { say("Message envoyé. La réponse arrive…"); }, SLOW_MS);
    var end = function () { busy = false; clearTimeout(slow); };
    ask("POST", field.form.action, encode(fields), function (html) {
      end();
      say("");
      if (isTyped) { field.value = ""; forget(); }
      show(html);
      if (document.activeElement === document.body) { field.focus({preventScroll: true}); }
    }, function (isRefused) {
      end();
      if (isRefused) { sendPlainly(fields); return; }
      warn(isTyped ? "Le réseau ne répond pas. Votre message n'est pas parti. Il reste dans le champ : envoyez-le de nouveau."
        : "Le réseau ne répond pas. Votre choix n'est pas parti. Touchez-le de nouveau.");
    });
  }
  function fieldsOf(form) {
    var fields = {}, hidden = form.querySelectorAll("input[type=hidden]"), i;
    for (i = 0; i < hidden.length; i += 1) { fields[hidden[i].name] = hidden[i].value; }
    return fields;
  }
  field.form.addEventListener("submit", function (event) {
    var fields = fieldsOf(field.form);
    event.preventDefault();
    fields.text = field.value;
    send(fields, true);
  });
  /* On each button, not on what holds them: a screen reader would call each line "clickable". */
  function choose(event) {
    var button = event.currentTarget, fields = fieldsOf(button.form);
    event.preventDefault();
    fields[button.name] = button.value;
    send(fields, false);
  }
  function addChoices() {
    var buttons = page.querySelectorAll("form.choix button[name]"), i;
    for (i = 0; i < buttons.length; i += 1) { buttons[i].addEventListener("click", choose); }
  }
  addChoices();

  /* News from the server: an answer that comes late, a person who writes. */
  function listen() {
    var stream = new EventSource(page.getAttribute("data-flux") + "?after=" + lastId()), timer;
    var news = function (event) { if (!isShown(event.lastEventId)) { refresh(); } };
    stream.addEventListener("message", news);
    stream.addEventListener("state", function (event) {
      var now = safely(function () { return JSON.parse(event.data).state; });
      if (now && now !== byId("avis").getAttribute("data-etat")) { refresh(); }
    });
    stream.onopen = function () {
      clearTimeout(timer);
      timer = null;
      if (out) { out = false; say("La connexion est revenue."); refresh(); }
    };
    stream.onerror = function () {
      if (stream.readyState === 2) { refresh(); return; }
      timer = timer || setTimeout(function () {
        out = true;
        warn("La connexion est coupée. Vous pouvez lire et écrire. Rien n'est perdu.");
      }, OUT_OF_REACH_MS);
    };
  }
  /* Where no stream is offered: a look now and then, while something may come and the page is seen. */
  function look() {
    var isAwaited = byId("avis").getAttribute("data-etat") !== "bot" || byId("suite").querySelector(".voir");
    if (isAwaited && !document.hidden) { refresh(); }
  }
  if (!page.getAttribute("data-flux")) { setInterval(look, LOOK_MS); }
  else if (window.EventSource) { listen(); }

  /* Listen and print, where the device can. A voice of the device only: no text leaves it. */
  function voiceOf(language) {
    var voices = window.speechSynthesis ? speechSynthesis.getVoices() : [], i;
    for (i = 0; i < voices.length; i += 1) {
      if (voices[i].localService && voices[i].lang.slice(0, 2).toLowerCase() === language) { return voices[i]; }
    }
    return null;
  }
  function gesture(words, act) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }
  function listenTo(line, button) {
    var speaking = button.textContent !== "Écouter";
    speechSynthesis.cancel();
    button.textContent = "Écouter";
    if (speaking) { return; }
    button.textContent = "Arrêter la lecture";
    partsOf(line).forEach(function (part, rank, parts) {
      var speech = new SpeechSynthesisUtterance(part.words);
      speech.lang = part.lang;
      speech.voice = voiceOf(part.lang);
      if (rank === parts.length - 1) { speech.onend = function () { button.textContent = "Écouter"; }; }
      speech.onerror = function () { button.textContent = "Écouter"; };
      speechSynthesis.speak(speech);
    });
  }
  function print(line) {
    page.className = "imprime-une";
    line.className = "imprimee";
    window.print();
    page.className = line.className = "";
  }
  function addGestures() {
    var lines = page.querySelectorAll("li[data-dit]"), voice = voiceOf("fr"), i;
    for (i = 0; i < lines.length; i += 1) { addGesturesTo(lines[i], voice); }
  }
  function addGesturesTo(line, voice) {
    var bar = line.querySelector(".gestes");
    if (!bar) {
      bar = document.createElement("p");
      bar.className = "gestes";
      bar.appendChild(gesture("Imprimer", function () { print(line); }));
      line.querySelector("article").appendChild(bar);
    }
    if (voice && !bar.querySelector(".ecouter")) {
      var button = gesture("Écouter", function () { listenTo(line, button); });
      button.className = "ecouter";
      bar.insertBefore(button, bar.firstChild);
    }
  }
  addGestures();
  if (window.speechSynthesis) { speechSynthesis.onvoiceschanged = addGestures; }
}());
