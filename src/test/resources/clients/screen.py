"""An X client that fills the screen of the first argument with a chequered picture and writes a line
of JSON for every key and button. Each key, modifiers apart, changes the picture. Ends when its input does."""

import json
import os
import sys
import threading

from Xlib import X, XK, display

CELL = 32
COLOURS = [0x101010, 0xF04040, 0x40F040, 0x4040F0, 0xF0F040, 0x40F0F0, 0xF040F0, 0xF0F0F0]
MODIFIERS = range(XK.XK_Shift_L, XK.XK_Hyper_R + 1)


def tell(**facts):
    print(json.dumps(facts), flush=True)


def paint(phase):
    for x in range(0, width, CELL):
        for y in range(0, height, CELL):
            colour = COLOURS[(x // CELL * 3 + y // CELL * 5 + phase) % len(COLOURS)]
            brush.change(foreground=colour)
            window.fill_rectangle(brush, x, y, CELL, CELL)
    connection.flush()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


connection = display.Display(sys.argv[1])
screen = connection.screen()
width, height = screen.width_in_pixels, screen.height_in_pixels
window = screen.root.create_window(
    0, 0, width, height, 0, screen.root_depth,
    event_mask=X.KeyPressMask | X.ButtonPressMask | X.ExposureMask,
)
brush = window.create_gc()
window.map()
window.set_input_focus(X.RevertToParent, X.CurrentTime)
threading.Thread(target=end_with_input, daemon=True).start()
keys = 0
while True:
    event = connection.next_event()
    if event.type == X.Expose:
        paint(keys)
        tell(event="painted")
    elif event.type == X.KeyPress:
        level = 1 if event.state & X.ShiftMask else 0
        symbol = connection.keycode_to_keysym(event.detail, level)
        if symbol not in MODIFIERS:
            tell(event="key", key=XK.keysym_to_string(symbol) or hex(symbol))
            keys += 1
            paint(keys)
    elif event.type == X.ButtonPress:
        tell(event="button", x=event.event_x, y=event.event_y)
    elif event.type == X.MappingNotify:
        connection.refresh_keyboard_mapping(event)
