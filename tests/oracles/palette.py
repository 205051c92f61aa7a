"""The VOC development kit's color map, bit by bit."""


def voc_colors():
    colors = []
    for label in range(256):
        rest, rgb = label, [0, 0, 0]
        for place in range(7, -1, -1):
            for channel in range(3):
                rgb[channel] |= ((rest >> channel) & 1) << place
            rest >>= 3
        colors.append(rgb)
    return colors
