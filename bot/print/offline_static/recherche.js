// Search in the pages of this folder. Nothing is fetched: INDEX was read from a file beside this one.
(function () {
  "use strict";
  var LONGEST = 12;
  var TITLE = 8, NAMES = 6, TEXT = 1;
  var form = document.getElementById("recherche");
  var field = document.getElementById("mots");
  var status = document.getElementById("combien");
  var list = document.getElementById("trouve");
  var empty = new Set(INDEX.vides);
  var pages = INDEX.pages.map(function (page) {
    return { page: page, titre: page.titre.split(" "), noms: page.noms.split(" "), texte: new Set(page.texte.split(" ")) };
  });

  // The same form as bot/language/normalise.py and bot/knowledge/search.py, which made the index.
  function words(text) {
    return text.normalize("NFKD").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[\u0300-\u036f]/g, "")
      .replace(/[^a-z0-9]+/g, " ").replace(/([a-z])\1{2,}/g, "$1$1").trim().split(" ")
      .filter(function (word) { return word && !empty.has(word); })
      .map(function (word) { return word.length > 3 && /[sx]$/.test(word) ? word.slice(0, -1) : word; });
  }

  function weigh(names, word, weight) {
    if (names.indexOf(word) >= 0) { return weight; }
    var begins = word.length >= 3 && names.some(function (name) { return name.startsWith(word); });
    return begins ? weight - 1 : 0;
  }

  function weighOne(entry, word) {
    return weigh(entry.titre, word, TITLE) || weigh(entry.noms, word, NAMES) || (entry.texte.has(word) ? TEXT : 0);
  }

  // One letter more, less, other, or two exchanged.
  function isNear(one, other) {
    if (Math.abs(one.length - other.length) > 1) { return false; }
    var start = 0;
    while (start < one.length && one[start] === other[start]) { start += 1; }
    var first = one.slice(start), second = other.slice(start);
    return first.slice(1) === second.slice(1) || first === second.slice(1) || first.slice(1) === second ||
      (first.slice(2) === second.slice(2) && first[0] === second[1] && first[1] === second[0]);
  }

  // A word that is nowhere stands for a name one letter away.
  function corrected(word) {
    if (word.length < 4 || pages.some(function (entry) { return weighOne(entry, word); })) { return word; }
    for (var entry of pages) {
      for (var name of entry.titre.concat(entry.noms)) {
        if (isNear(name, word)) { return name; }
      }
    }
    return word;
  }

  function find(text) {
    var asked = words(text).map(corrected);
    var scored = pages.map(function (entry) {
      var weights = asked.map(function (word) { return weighOne(entry, word); });
      return {
        page: entry.page,
        has: weights.filter(Boolean).length,
        sum: weights.reduce(function (total, weight) { return total + weight; }, 0)
      };
    });
    var most = Math.max.apply(null, scored.map(function (one) { return one.has; }));
    return asked.length && most ? scored.filter(function (one) { return one.has === most; }).sort(function (a, b) {
      return b.sum - a.sum || a.page.t.length - b.page.t.length || a.page.t.localeCompare(b.page.t, "fr");
    }).slice(0, LONGEST) : [];
  }

  function show() {
    var text = field.value.trim();
    var found = find(text);
    list.replaceChildren.apply(list, found.map(function (one) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = one.page.u;
      link.textContent = one.page.t;
      item.append(link, document.createElement("br"), one.page.a);
      return item;
    }));
    var many = found.length > 1 ? "s" : "";
    status.textContent = !text ? "" : found.length ? found.length + " résultat" + many + " ci-dessous."
      : "Rien ne correspond. Essayez un autre mot, ou lisez la liste plus bas.";
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
  });
  field.addEventListener("input", show);
  form.hidden = false;
  show(); // a browser that comes back gives the words again
})();
