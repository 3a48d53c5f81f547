// Front-channel logout: goes on when every client's frame has loaded or failed, which is when the window has. The page's Refresh
// header goes on anyway, a little later, and without script.
(function () {
  function go() {
    window.location.replace(document.getElementById("continue").href);
  }
  if (document.readyState === "complete") {
    go();
  } else {
    window.addEventListener("load", go);
  }
})();
