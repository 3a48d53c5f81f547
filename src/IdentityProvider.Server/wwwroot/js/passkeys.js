// Passkeys (WebAuthn Level 3): a form with data-passkey gets its challenge from data-options, asks the authenticator, and is sent like any
// other. Without this script, or in a browser that knows no passkeys, those forms stay hidden and a sentence says so.
(function () {
  "use strict";

  var renewal = 4 * 60 * 1000;  // a challenge is good for five minutes; one that waits in the autofill list is replaced before
  var waiting = null;           // the AbortController of the request behind the autofill list

  function decode(text) {
    var binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, function (character) { return character.charCodeAt(0); });
  }

  function encode(buffer) {
    var binary = "";
    new Uint8Array(buffer).forEach(function (byte) { binary += String.fromCharCode(byte); });
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function described(list) {
    return (list || []).map(function (entry) { return Object.assign({}, entry, { id: decode(entry.id) }); });
  }

  function read(options) {
    options.challenge = decode(options.challenge);
    if (options.user) {
      options.user.id = decode(options.user.id);
    }
    options.excludeCredentials = described(options.excludeCredentials);
    options.allowCredentials = described(options.allowCredentials);
    return options;
  }

  function write(credential) {
    var response = credential.response;
    var wire = { clientDataJSON: encode(response.clientDataJSON) };
    if (response.attestationObject) {
      wire.attestationObject = encode(response.attestationObject);
      wire.transports = response.getTransports ? response.getTransports() : [];
    } else {
      wire.authenticatorData = encode(response.authenticatorData);
      wire.signature = encode(response.signature);
      wire.userHandle = response.userHandle ? encode(response.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: {},
      response: wire
    });
  }

  function begin(form) {
    return fetch(form.dataset.options, {
      method: "POST", credentials: "same-origin", cache: "no-store", body: new URLSearchParams(new FormData(form))
    }).then(function (response) {
      if (!response.ok) {
        throw new Error("no challenge: " + response.status);
      }
      return response.json();
    });
  }

  function perform(form, more) {
    return begin(form).then(function (begun) {
      var request = Object.assign({ publicKey: read(begun.options) }, more);
      var asked = form.dataset.passkey === "create" ? navigator.credentials.create(request) : navigator.credentials.get(request);
      return asked.then(function (credential) {
        form.elements.ticket.value = begun.ticket;
        form.elements.credential.value = write(credential);
        var remember = document.getElementById("remember");
        if (form.elements.remember && remember) {
          form.elements.remember.value = remember.checked ? "true" : "false";
        }
        form.submit();
      });
    });
  }

  function stopWaiting() {
    if (waiting !== null) {
      waiting.abort();
      waiting = null;
    }
  }

  function press(form, event) {
    var failed = form.querySelector("[data-failed]");
    var button = form.querySelector("button");
    event.preventDefault();
    stopWaiting();
    failed.hidden = true;
    button.disabled = true;
    perform(form, {}).catch(function () {
      button.disabled = false;
      failed.hidden = false;
      wait(form);
    });
  }

  // The list of names under the first field: the browser offers passkeys there, and nothing happens until one is chosen.
  function wait(form) {
    if (form.dataset.autofill !== "true" || !PublicKeyCredential.isConditionalMediationAvailable) {
      return;
    }
    PublicKeyCredential.isConditionalMediationAvailable().then(function (available) {
      if (!available) {
        return;
      }
      stopWaiting();
      var controller = new AbortController();
      waiting = controller;
      var timer = setTimeout(function () {
        if (waiting === controller) {
          wait(form);
        }
      }, renewal);
      perform(form, { mediation: "conditional", signal: controller.signal }).catch(function () { clearTimeout(timer); });
    });
  }

  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }
  document.querySelectorAll("[data-no-passkeys]").forEach(function (sentence) { sentence.hidden = true; });
  var password = document.querySelector("#signin input[name=passkeys]");
  if (password !== null && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable) {
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then(function (available) { password.value = String(available); });
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) { press(form, event); });
    wait(form);
  });
})();
