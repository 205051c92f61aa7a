"""How far a box's side is from the mask in it, and whether that shows."""


def gap(mask, box, side):
    """(distance inward, shown) of side 0..3: left, top, right, bottom."""
    height, width = mask.shape
    x1, y1, x2, y2 = box
    columns = [x for x in range(width) if x1 <= x + 0.5 < x2]
    rows = [y for y in range(height) if y1 <= y + 0.5 < y2]
    inside = [(x, y) for y in rows for x in columns if mask[y, x]]
    if not inside:
        return 0.0, False
    axis, high = side % 2, side >= 2
    lines = (columns, rows)[axis]
    held = [place[axis] for place in inside]
    line, edge, step = (max(held), lines[-1], 1) if high else (min(held), lines[0], -1)
    distance = box[side] - (line + 1) if high else line - box[side]
    goes_on = any(
        mask[y, x]
        for y in (rows if axis == 0 else [edge + step])
        for x in (columns if axis == 1 else [edge + step])
        if 0 <= x < width and 0 <= y < height
    )
    return distance, not (line == edge and goes_on)
