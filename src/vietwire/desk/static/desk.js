// The desk's one script. Everything essential works without it; it adds edit in place, keys,
// and a warning before unsaved text is left behind. No text leaves the page here.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  document.addEventListener("DOMContentLoaded", function () {
    var body = document.body;
    var form = document.getElementById("draft-form");
    var help = document.getElementById("key-help");
    var keysOn = body.dataset.keys !== "off";
    var items = Array.prototype.slice.call(document.querySelectorAll("[data-item]"));
    var at = -1;
    var leaving = false;

    // ---- moving between segments or rows --------------------------------------------------
    function go(index, quiet) {
      if (!items.length) { return; }
      index = Math.max(0, Math.min(items.length - 1, index));
      if (items[at]) { items[at].classList.remove("here"); items[at].removeAttribute("aria-current"); }
      at = index;
      items[at].classList.add("here");
      items[at].setAttribute("aria-current", "true");
      if (!quiet) {
        items[at].scrollIntoView({ block: "nearest" });
        var target = items[at].querySelector("[data-focus]") || items[at];
        target.focus({ preventScroll: true });
      }
    }

    function nextFinding(step) {
      for (var i = at + step; i >= 0 && i < items.length; i += step) {
        if (items[i].hasAttribute("data-findings")) { go(i); return; }
      }
      say(body.dataset.noMore);
    }

    // ---- editing in place -------------------------------------------------------------------
    function boxOf(item) { return item ? item.querySelector("textarea[data-edit]") : null; }

    function size(box) {
      box.style.height = "auto";
      box.style.height = box.scrollHeight + 2 + "px";
    }

    function edit(item) {
      var box = boxOf(item);
      if (!box) { return; }
      item.classList.add("editing");
      size(box);
      box.focus();
    }

    function leave(item) {
      var box = boxOf(item);
      if (!box) { return; }
      if (box.value === box.defaultValue) { item.classList.remove("editing"); }
      box.blur();
      go(items.indexOf(item));
    }

    function dirty() {
      return Array.prototype.some.call(
        document.querySelectorAll("textarea[data-edit], [data-guard]"),
        function (box) { return box.value !== box.defaultValue || box.hasAttribute("data-kept"); }
      );
    }

    items.forEach(function (item, index) {
      var box = boxOf(item);
      item.addEventListener("focusin", function () { if (at !== index) { go(index, true); } });
      if (!box) { return; }
      if (box.hasAttribute("data-kept")) { item.classList.add("editing"); size(box); }
      box.addEventListener("input", function () {
        box.classList.toggle("dirty", box.value !== box.defaultValue);
        size(box);
        mark();
      });
      var cell = item.querySelector(".rendered");
      if (cell) {
        cell.addEventListener("click", function (event) {
          if (event.target.closest("a, summary") || String(window.getSelection())) { return; }
          go(index, true);
          edit(item);
        });
      }
    });

    function mark() {
      var note = document.getElementById("unsaved");
      if (note) { note.classList.toggle("hidden", !dirty()); }
    }
    mark();

    // ---- the guard --------------------------------------------------------------------------
    document.addEventListener("submit", function (event) {
      if (event.target.hasAttribute("data-keeps")) { leaving = true; }
    });
    window.addEventListener("pageshow", function () { leaving = false; });
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && dirty()) { event.preventDefault(); event.returnValue = ""; }
    });

    // ---- saying things ----------------------------------------------------------------------
    var timer = 0;
    function say(text) {
      var toast = document.getElementById("toast");
      if (!toast || !text) { return; }
      toast.textContent = text;
      toast.classList.remove("hidden");
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { toast.classList.add("hidden"); }, 2600);
    }

    // The buttons of the bar stand outside the form and belong to it by their form attribute.
    function button(name) {
      return form && Array.prototype.find.call(form.elements, function (control) {
        return control.name === "action" && control.value === name && control.tabIndex >= 0;
      });
    }

    function press(name) {
      var found = button(name);
      if (found && !found.disabled) { form.requestSubmit(found); }
    }

    function follow(selector) {
      var link = document.querySelector(selector);
      if (link) { link.click(); }
    }

    // ---- keys -------------------------------------------------------------------------------
    document.addEventListener("keydown", function (event) {
      var typing = event.target.closest("input, textarea, select");
      var item = event.target.closest("[data-item]");
      var control = event.ctrlKey || event.metaKey;
      if (event.isComposing) { return; }
      if (control && !event.altKey && event.key.toLowerCase() === "s" && form) {
        event.preventDefault();
        press("save");
        return;
      }
      if (control && event.key === "Enter" && typing && item && boxOf(item)) {
        event.preventDefault();
        leave(item);
        var next = items.indexOf(item) + 1;
        if (next < items.length) { go(next); edit(items[next]); }
        return;
      }
      if (event.key === "Escape" && typing && item && boxOf(item)) { leave(item); return; }
      if (!keysOn || typing || control || event.altKey || (help && help.open)) { return; }
      var done = true;
      switch (event.key) {
        case "j": case "n": go(at + 1); break;
        case "k": case "p": go(at < 0 ? 0 : at - 1); break;
        case "f": nextFinding(1); break;
        case "F": nextFinding(-1); break;
        case "e": if (form) { edit(items[at < 0 ? 0 : at]); } break;
        case "Enter":
          if (form && item && event.target === item) { edit(item); } else { done = false; }
          break;
        case "s": press("save"); break;
        case "c": press("claim"); break;
        case "a":
          var approve = button("approve");
          if (approve) { approve.focus(); say(body.dataset.approveHint); }
          break;
        case "N": follow("[data-next]"); break;
        case "r": follow("[data-copy]"); break;
        case "/":
          var search = document.querySelector("input[type=search]");
          if (search) { search.focus(); search.select(); }
          break;
        case "?": if (help) { help.showModal(); } break;
        default: done = false;
      }
      if (done) { event.preventDefault(); }
    });

    var closer = document.getElementById("key-help-close");
    if (closer) { closer.addEventListener("click", function () { help.close(); }); }
    document.querySelectorAll("[data-open-help]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (help) { event.preventDefault(); help.showModal(); }
      });
    });
    document.querySelectorAll("select[data-submit]").forEach(function (select) {
      select.addEventListener("change", function () { select.form.requestSubmit(); });
    });
    if (form && items.length && !location.hash) { go(0, true); }
  });
})();
