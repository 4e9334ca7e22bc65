// Texts of the page with less contrast than 4.5 to 1 against what is behind them.
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const cells = [...document.querySelectorAll("#heat .mark-rect path")].map((path) => [path.getBoundingClientRect(), getComputedStyle(path).fill]);
  const cell = (node) => {
    const box = node.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const found = node.closest("#heat") && cells.find(([r]) => x > r.left && x < r.right && y > r.top && y < r.bottom);
    return found ? channels(found[1]) : null;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest("script, select")) continue;
    const drawn = node instanceof SVGElement;
    const style = getComputedStyle(node);
    const [text, ground] = [drawn ? style.fill : style.color, (drawn && cell(node)) || behind(node)].map((c) => luminance(Array.isArray(c) ? c : channels(c)));
    const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    seen += 1;
    if (ratio < 4.5) faint.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return seen > 100 ? faint : [`only ${seen} texts seen`];
})()
