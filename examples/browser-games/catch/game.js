// A game as people write them for a page: it runs in real time, draws on a canvas, and knows nothing of reinforcement
// learning. Apples fall; the arrow keys move the basket; three missed apples end the game.

const canvas = document.getElementById("game");
const pen = canvas.getContext("2d");
const WIDTH = canvas.width;
const HEIGHT = canvas.height;
const BASKET = 40;
const SPEED = 180; // pixels a second
const FALL = 160;

let basket, apple, score, missed, last, over;
const held = new Set();

function drop() {
    apple = { x: 8 + Math.random() * (WIDTH - 16), y: 0 };
}

function start() {
    basket = WIDTH / 2;
    score = 0;
    missed = 0;
    over = false;
    last = performance.now();
    held.clear();
    drop();
}

function frame(now) {
    const seconds = Math.min(0.1, (now - last) / 1000);
    last = now;
    if (!over) {
        if (held.has("ArrowLeft")) basket -= SPEED * seconds;
        if (held.has("ArrowRight")) basket += SPEED * seconds;
        basket = Math.max(BASKET / 2, Math.min(WIDTH - BASKET / 2, basket));
        apple.y += FALL * seconds;
        if (apple.y > HEIGHT - 16) {
            if (Math.abs(apple.x - basket) < BASKET / 2 + 6) score++;
            else if (++missed === 3) over = true;
            drop();
        }
    }
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.fillStyle = "#f00";
    pen.fillRect(apple.x - 8, apple.y - 8, 16, 16);
    pen.fillStyle = "#00f";
    pen.fillRect(basket - BASKET / 2, HEIGHT - 16, BASKET, 16);
    requestAnimationFrame(frame);
}

addEventListener("keydown", (event) => held.add(event.key));
addEventListener("keyup", (event) => held.delete(event.key));
start();
requestAnimationFrame(frame);
