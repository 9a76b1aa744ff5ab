(function () {
  "use strict";
  var project = JSON.parse(document.getElementById("project").textContent);
  var known = new Map(); // what was said at a place -> its number, so that a second file repeats nothing
  var changed = false;

  function one(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }

  // what was said ------------------------------------------------------------------------------

  function whole(text) { // halves of characters have no spelling in UTF-8
    return new TextDecoder().decode(new TextEncoder().encode(text)).trim();
  }

  function own(box, selector) { // parts of a box, not of a box inside it
    return all(selector, box).filter(function (part) { return part.closest("[data-kind]") === box; });
  }

  function chosen(box) {
    var found = own(box, "input[type=radio]:checked")[0];
    return found ? found.value : "";
  }

  function said(box) {
    var area = own(box, "textarea")[0];
    return area ? whole(area.value) : "";
  }

  function conditions(box) {
    return all(".condition", box).map(function (line) {
      return {
        what: whole(one("[data-part=what]", line).value),
        owner: whole(one("[data-part=owner]", line).value),
        due: one("[data-part=due]", line).value
      };
    }).filter(function (condition) { return condition.what; });
  }

  function item(box) {
    var choice = chosen(box), text = said(box), data = box.dataset;
    if (!choice && !text) { return null; }
    var made = { kind: choice ? data.kind : "comment", about: data.about, title: data.title.slice(0, 300) };
    if (choice) {
      made.choice = choice;
      if (data.month) { made.month = data.month; }
      if (data.after) { made.after = data.after; }
      if (data.amounts) { made.amounts = JSON.parse(data.amounts); }
      if (choice === "conditions") { made.conditions = conditions(box); }
    }
    if (text) { made.text = text; }
    if (data.seen) { made.seen = data.seen; }
    return numbered(made);
  }

  function numbered(made) {
    var key = canonical(made);
    if (!known.has(key)) { known.set(key, { id: number(), at: now() }); }
    return Object.assign(made, known.get(key));
  }

  function items() { return all("[data-kind]").map(item).filter(Boolean); }

  // the file -----------------------------------------------------------------------------------

  function number() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return hex(bytes);
  }

  function hex(bytes) {
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }

  function now() { return new Date().toISOString().replace("Z", "+00:00"); }

  function canonical(value) { // one spelling: names sorted, no spaces
    if (Array.isArray(value)) { return "[" + value.map(canonical).join(",") + "]"; }
    if (value !== null && typeof value === "object") {
      return "{" + Object.keys(value).sort().map(function (name) {
        return JSON.stringify(name) + ":" + canonical(value[name]);
      }).join(",") + "}";
    }
    return JSON.stringify(value);
  }

  function parcel() {
    var body = {
      format: "leanlab.review", version: 1, id: number(),
      reviewer: { name: whole(one("#reviewer").value), role: whole(one("#role").value) },
      made_at: now(), program: project.program,
      projects: [{
        project_id: project.project_id, title: project.title.slice(0, 300),
        owner: project.owner.slice(0, 300), revision: project.revision, seal: project.seal, items: items()
      }]
    };
    var digest = sha256(canonical(body));
    body.digest = digest;
    body.code = digest.slice(0, 12).toUpperCase().match(/..../g).join("-");
    return body;
  }

  function sha256(text) { // FIPS 180-4; the browser's own is missing on some pages opened from disk
    var bytes = new TextEncoder().encode(text), length = bytes.length;
    var padded = new Uint8Array(((length + 8 >> 6) + 1) * 64);
    padded.set(bytes);
    padded[length] = 0x80;
    var view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padded.length - 4, length << 3);
    var primes = [], candidate = 2;
    while (primes.length < 64) {
      if (primes.every(function (p) { return candidate % p; })) { primes.push(candidate); }
      candidate += 1;
    }
    function fraction(root) { return (root - Math.floor(root)) * 0x100000000 | 0; }
    var k = primes.map(function (p) { return fraction(Math.cbrt(p)); });
    var state = primes.slice(0, 8).map(function (p) { return fraction(Math.sqrt(p)); });
    function turn(x, by) { return x >>> by | x << 32 - by; }
    for (var start = 0; start < padded.length; start += 64) {
      var w = new Int32Array(64), i;
      for (i = 0; i < 16; i += 1) { w[i] = view.getInt32(start + 4 * i); }
      for (i = 16; i < 64; i += 1) {
        var s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >>> 3;
        var s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >>> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      var h = state.slice();
      for (i = 0; i < 64; i += 1) {
        var e = h[4], a = h[0];
        var one_ = h[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & h[5] ^ ~e & h[6]) + k[i] + w[i] | 0;
        var two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & h[1] ^ a & h[2] ^ h[1] & h[2]) | 0;
        h = [one_ + two | 0, a, h[1], h[2], h[3] + one_ | 0, e, h[5], h[6]];
      }
      state = state.map(function (value, at) { return value + h[at] | 0; });
    }
    return state.map(function (value) { return (value >>> 0).toString(16).padStart(8, "0"); }).join("");
  }

  function fileName() {
    var name = project.title + " - review " + whole(one("#reviewer").value);
    return name.replace(/[^\p{L}\p{N} ._-]/gu, "-").slice(0, 80).trim() + ".leanreview";
  }

  function missing() {
    if (!whole(one("#reviewer").value)) { return ["#reviewer", "Please type your name first."]; }
    if (!items().length) { return ["", "There is nothing to send yet: agree, disagree, comment or decide."]; }
    var bare = all(".conditions").filter(function (part) {
      return !part.hidden && !conditions(part).some(function (c) { return c.owner && c.due; });
    })[0];
    var half = all(".conditions").filter(function (part) {
      return !part.hidden && conditions(part).some(function (c) { return !c.owner || !c.due; });
    })[0];
    if (bare || half) {
      return ["#" + (bare || half).id + " input", "Please say of each condition what must be done, by whom and by when."];
    }
    return null;
  }

  function tell(text, good) {
    var line = one("#told");
    line.textContent = text;
    line.className = good ? "good" : "bad";
  }

  function save() {
    var why = missing();
    if (why) {
      tell(why[1], false);
      if (why[0]) { one(why[0]).focus(); }
      return;
    }
    var body = parcel(), link = document.createElement("a");
    var url = URL.createObjectURL(new Blob([JSON.stringify(body, null, 1) + "\n"], { type: "application/json" }));
    link.href = url;
    link.download = fileName();
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
    changed = false;
    tell("Saved as “" + link.download + "” in your downloads. Send it to " +
      (project.owner || "the project leader") + ". Code: " + body.code, true);
  }

  // the page -----------------------------------------------------------------------------------

  function count() {
    var n = items().length;
    one("#count").textContent = n ? n + (n === 1 ? " item" : " items") : "nothing yet";
    all("[data-kind=gate]").forEach(function (box) {
      one(".conditions", box).hidden = chosen(box) !== "conditions";
    });
  }

  function addCondition(event) {
    var box = event.target.closest(".conditions"), line = one(".condition", box).cloneNode(true);
    all("input", line).forEach(function (field) { field.value = ""; });
    box.insertBefore(line, event.target);
    one("input", line).focus();
    if (all(".condition", box).length >= 20) { event.target.hidden = true; }
  }

  document.addEventListener("input", function () { changed = true; count(); });
  all(".add").forEach(function (button) { button.addEventListener("click", addCondition); });
  one("#save").addEventListener("click", save);
  window.addEventListener("beforeunload", function (event) {
    if (changed && items().length) { event.preventDefault(); }
  });
  count();
}());
