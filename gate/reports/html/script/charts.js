// Pictures of all findings, drawn once.
function renderCharts() {}
