// Session Management 1.0, section 3.2: tells a client, without asking the server each time, whether the browser's sign-in here is
// still the one its session_state came with. A message is "client_id session_state"; the answer is unchanged, changed or error.
(function () {
  "use strict";

  var longest = 400;    // characters of a message
  var mostAtOnce = 4;   // messages under way; more are dropped, the client asks again anyway
  var mostPairs = 16;   // clients and origins the server is asked about, in the life of this frame
  var underWay = 0;
  var pairs = new Map();

  // "The OP iframe MUST enforce that the caller has the same origin as its parent frame." A browser that does not say who the parent
  // is leaves the parent window itself.
  function isFromParent(event) {
    if (event.source === window.parent) {
      return true;
    }
    var ancestors = window.location.ancestorOrigins;
    return ancestors !== undefined && ancestors.length > 0 && ancestors[0] === event.origin;
  }

  // Only origins that the client is registered with are answered.
  function isKnown(clientId, origin) {
    var key = clientId + " " + origin;
    if (!pairs.has(key)) {
      if (pairs.size >= mostPairs) {
        return Promise.resolve(false);
      }
      var query = "?client_id=" + encodeURIComponent(clientId) + "&origin=" + encodeURIComponent(origin);
      pairs.set(key, fetch(window.location.pathname + query, { credentials: "omit", cache: "no-store" }).then(
        function (response) { return response.status === 204; },
        function () { pairs.delete(key); return false; }));
    }
    return pairs.get(key);
  }

  function browserState() {
    var match = /(?:^|; )(?:__Host-)?idp-browser-state=([^;]*)/.exec(document.cookie);
    return match === null ? "" : match[1];
  }

  function hash(text) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(function (bytes) {
      var binary = String.fromCharCode.apply(null, new Uint8Array(bytes));
      return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    });
  }

  function compare(clientId, origin, sessionState) {
    var dot = sessionState.indexOf(".");
    if (dot < 1) {
      return Promise.resolve("error");
    }
    return hash([clientId, origin, browserState(), sessionState.slice(dot + 1)].join(" ")).then(function (expected) {
      return expected === sessionState.slice(0, dot) ? "unchanged" : "changed";
    });
  }

  window.addEventListener("message", function (event) {
    var text = event.data;
    if (typeof text !== "string" || text.length > longest || underWay >= mostAtOnce || event.source === null || !isFromParent(event)) {
      return;
    }
    var space = text.lastIndexOf(" ");
    if (space < 1) {
      return;
    }
    var clientId = text.slice(0, space);
    underWay++;
    isKnown(clientId, event.origin)
      .then(function (known) { return known ? compare(clientId, event.origin, text.slice(space + 1)) : null; })
      .then(
        function (answer) {
          underWay--;
          if (answer !== null) {
            event.source.postMessage(answer, event.origin);
          }
        },
        function () { underWay--; });
  });
})();
