"""The three values of a trimap."""

BACKGROUND, UNKNOWN, FOREGROUND = 0, 128, 255
