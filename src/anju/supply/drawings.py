"""Pictures for the demonstration city, drawn by code: a house front, and a plan for each layout."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

WALL, FLOOR, WET, SKY, GREEN = "#3a4a5c", "#fbf8f1", "#dcebf2", "#d9e8f5", "#8fb58a"
# Rooms of each layout: left, top, right, bottom in parts of a hundred, and whether it is a wet room.
PLANS: dict[str, tuple[tuple[int, int, int, int, bool], ...]] = {
    "studio": ((5, 5, 95, 62, False), (5, 62, 45, 95, True), (45, 62, 95, 95, True)),
    "one_one": (
        (5, 5, 50, 55, False), (50, 5, 95, 55, False), (5, 55, 40, 95, True), (40, 55, 70, 95, True),
        (70, 55, 95, 95, False),
    ),
    "two_one": (
        (5, 5, 38, 50, False), (38, 5, 95, 50, False), (5, 50, 38, 95, False), (38, 50, 62, 95, True), (62, 50, 95, 95, True),
    ),
    "three_one": (
        (5, 5, 35, 48, False), (35, 5, 95, 48, False), (5, 48, 35, 95, False), (35, 48, 60, 95, False), (60, 48, 78, 95, True),
        (78, 48, 95, 95, True),
    ),
}  # fmt: skip


def png(picture: Image.Image) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def plan(layout: str) -> bytes:
    """A plan: rooms with walls, doors and windows."""
    picture = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom, wet in PLANS.get(layout, PLANS["two_one"]):
        box = (left * 8, top * 6, right * 8, bottom * 6)
        draw.rectangle(box, fill=WET if wet else FLOOR, outline=WALL, width=7)
        middle = (box[0] + box[2]) // 2
        if top == 5:
            draw.rectangle((middle - 60, box[1] - 1, middle + 60, box[1] + 7), fill="#9fc3dd")
        else:
            draw.rectangle((middle - 26, box[1], middle + 26, box[1] + 7), fill="white")
            draw.arc((middle - 26, box[1] - 48, middle + 78, box[1] + 56), 90, 180, fill=WALL, width=2)
    return png(picture)


def front(floors: int, tint: str) -> bytes:
    """A house front of some floors against the sky."""
    picture = Image.new("RGB", (1200, 750), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1200, 750), fill=GREEN)
    for left, shown in ((140, max(floors - 2, 3)), (460, floors), (820, max(floors - 3, 3))):
        high = min(shown, 14) * 38
        draw.rectangle((left, 640 - high, left + 260, 640), fill=tint)
        for floor in range(min(shown, 14)):
            for column in range(5):
                x, y = left + 18 + column * 48, 640 - high + 10 + floor * 38
                draw.rectangle((x, y, x + 32, y + 20), fill="#f4f8fb")
    for x in range(60, 1200, 170):
        draw.ellipse((x, 590, x + 70, 660), fill="#5f8f63")
    return png(picture)
