const ws = new WebSocket('ws://localhost:8765');

ws.onopen = () => {
  console.log('Connected to WebSocket server');
};

ws.onmessage = (event) => {
  const message = JSON.parse(event.data);

  if (message.type === 'observation') {
    // Update game state based on observation
    console.log('Received observation:', message.observation);
  } else if (message.type === 'reset') {
    // Handle reset event
    console.log('Received reset event:', message.observation);
  }
  else if (message.type === 'render') {
    // Handle render event
    console.log("received render event")
  }
};

ws.onclose = () => {
  console.log('Disconnected from WebSocket server');
};

function sendAction(action) {
  if (ws.readyState === WebSocket.OPEN) {
    ws.send(JSON.stringify({ type: 'action', action: action }));
  } else {
    console.error('WebSocket connection is not open');
  }
}
