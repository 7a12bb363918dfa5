// What each layer of an image brought.
function renderLayers() {}
