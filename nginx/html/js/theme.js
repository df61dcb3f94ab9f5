// Runs before the first paint, so that a chosen theme never flashes. Without
// a choice the stylesheet follows the system.
(() => {
  try {
    const theme = localStorage.getItem('docket.theme');
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's theme it is
  }
})();
