"""What the projector shows, drawn in order: film, slate, captions - and, where nobody stands before it, instruments."""

from collections.abc import Sequence
from ctypes import POINTER, c_ubyte, cast

import numpy as np
from numpy.typing import NDArray
from pyglet import gl

from media import paint
from media.picture import Picture
from media.shaders import chroma_place, film_program, layer_program, upright, yuv_to_rgb
from range.core.geometry import Placement, Point

# Of the luma and the chroma plane: how the card keeps them, how they arrive, bytes a pixel. Chroma is kept finer than
# it comes: between its samples a drawing library interpolates in the texture's own steps, up to 3 of 255 off.
LAYOUTS = ((gl.GL_R8, gl.GL_RED, 1), (gl.GL_RG16, gl.GL_RG, 2))


class Wall:
    """Draws into the current OpenGL context, a screen of `size` (width, height) pixels."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.placement = Placement.letterbox(size, 16 / 9)
        self._film = film_program()
        self._layer = layer_program()
        self._planes = (_Plane(), _Plane())
        self._has_film = False
        self._turns = 0
        self._vertices = gl.GLuint()
        gl.glGenVertexArrays(1, self._vertices)
        self._slate = _Layer()
        self._caption = _Layer()
        self._mark = _Layer()
        self._strip = _Layer()
        self._caption_text = ""
        self._strip_shown: paint.Instruments | None = None
        self._page = _Layer()
        self._view = _SmallView()
        paint.load_fonts()

    def resize(self, size: tuple[int, int]) -> None:
        """The screen has another size from now on; what was drawn for the old one is drawn anew when needed."""
        if size == self.size:
            return
        self.size = size
        self.placement = Placement.letterbox(size, self.placement.width / self.placement.height)
        self._caption_text, self._strip_shown = "", None
        self._slate.width = self._mark.width = 0

    def show_picture(self, picture: Picture, shape: float) -> None:
        """Put a decoded picture of display shape width / height on the film's place."""
        self.placement = Placement.letterbox(self.size, shape)
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 1)
        for plane, source, (inner, layout, each) in zip(self._planes, picture.frame.planes, LAYOUTS, strict=True):
            gl.glBindTexture(gl.GL_TEXTURE_2D, plane.texture)
            # The decoder pads its lines; the card is told how long they are instead of copying them.
            gl.glPixelStorei(gl.GL_UNPACK_ROW_LENGTH, source.line_size // each)
            size = (source.width, source.height)
            pixels = cast(source.buffer_ptr, POINTER(c_ubyte))
            if plane.size != size:
                plane.size = size
                gl.glTexImage2D(gl.GL_TEXTURE_2D, 0, inner, *size, 0, layout, gl.GL_UNSIGNED_BYTE, pixels)
            else:
                gl.glTexSubImage2D(gl.GL_TEXTURE_2D, 0, 0, 0, *size, layout, gl.GL_UNSIGNED_BYTE, pixels)
        gl.glPixelStorei(gl.GL_UNPACK_ROW_LENGTH, 0)
        matrix, offset = yuv_to_rgb(picture.matrix, full_range=picture.full_range)
        self._film.use()
        self._film["luma"], self._film["chroma"] = 0, 1
        self._film["to_rgb"] = matrix
        self._film["offset"] = offset
        self._film["upright"] = upright(picture.turns)
        luma, chroma = (plane.size for plane in self._planes)
        self._film["chroma_place"] = chroma_place(luma, chroma, left=picture.chroma_left)
        self._turns = picture.turns
        self._has_film = True

    def draw(self, *, slate: bool, caption: str, foot: float = 0.06) -> None:
        """What a participant sees: the film or the slate, and the spoken line, `foot` of the height above the edge."""
        self._bare()
        if slate or not self._has_film:
            self._draw_layer(self._slate_layer(), 0, 0)
            return
        self._draw_film()
        if caption:
            if caption != self._caption_text:
                self._caption_text = caption
                self._caption.fill(paint.caption(caption, int(self.placement.width), int(self.placement.height)))
            bottom = self.placement.top + self.placement.height * (1.0 - foot)
            self._draw_layer(self._caption, self.placement.left, bottom - self._caption.height)

    def draw_bitmap(self, bitmap: paint.Bitmap) -> None:
        """Nothing but a bitmap of the screen's size, (height, width, 4) RGBA, pixel for pixel."""
        self._bare()
        self._page.fill(bitmap)
        self._draw_layer(self._page, 0, 0)

    def draw_instruments(self, shown: paint.Instruments, marks: Sequence[Point]) -> None:
        """What the demo shows besides: hit marks at clip positions and the strip with keys and state."""
        width, height = self.size
        if marks and not self._mark.width:
            self._mark.fill(paint.mark(height))
        for u, v in marks:
            x, y = self.placement.to_screen(u, v)
            self._draw_layer(self._mark, x - self._mark.width / 2, y - self._mark.height / 2)
        if shown != self._strip_shown:
            self._strip_shown = shown
            self._strip.fill(paint.instruments(shown, width, height))
        self._draw_layer(self._strip, 0, height - self._strip.height)

    def small_view(self, width: int, height: int) -> NDArray[np.uint8]:
        """What has been drawn so far, shrunk to (height, width, 3) BGR, top row first."""
        return self._view.read(self.size, (width, height))

    def picture(self) -> NDArray[np.uint8]:
        """What has been drawn so far, (height, width, 3) BGR, top row first."""
        return _read_back(self.size)

    def _bare(self) -> None:
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, 0)
        gl.glViewport(0, 0, *self.size)
        gl.glClearColor(0.0, 0.0, 0.0, 1.0)
        gl.glClear(gl.GL_COLOR_BUFFER_BIT)
        gl.glBindVertexArray(self._vertices)

    def _slate_layer(self) -> "_Layer":
        if not self._slate.width:
            self._slate.fill(paint.slate(*self.size))
        return self._slate

    def _draw_film(self) -> None:
        width, height = self.size
        for index, plane in enumerate(self._planes):
            gl.glActiveTexture(gl.GL_TEXTURE0 + index)
            gl.glBindTexture(gl.GL_TEXTURE_2D, plane.texture)
        self._film.use()
        place = self.placement
        # Pixel for pixel there is nothing to interpolate, and not doing it halves the work without a graphics card.
        shown = self._planes[0].size if self._turns % 2 == 0 else self._planes[0].size[::-1]
        one_to_one = shown == (round(place.width), round(place.height))
        gl.glActiveTexture(gl.GL_TEXTURE0)
        for name in (gl.GL_TEXTURE_MIN_FILTER, gl.GL_TEXTURE_MAG_FILTER):
            gl.glTexParameteri(gl.GL_TEXTURE_2D, name, gl.GL_NEAREST if one_to_one else gl.GL_LINEAR)
        self._film["place"] = (place.left / width, place.top / height, place.width / width, place.height / height)
        gl.glDisable(gl.GL_BLEND)
        gl.glDrawArrays(gl.GL_TRIANGLE_STRIP, 0, 4)

    def _draw_layer(self, layer: "_Layer", left: float, top: float) -> None:
        width, height = self.size
        gl.glActiveTexture(gl.GL_TEXTURE0)
        gl.glBindTexture(gl.GL_TEXTURE_2D, layer.texture)
        self._layer.use()
        self._layer["layer"] = 0
        # Layers are drawn pixel for pixel, so they start on whole pixels.
        x, y = round(left), round(top)
        self._layer["place"] = (x / width, y / height, layer.width / width, layer.height / height)
        gl.glEnable(gl.GL_BLEND)
        gl.glBlendFunc(gl.GL_ONE, gl.GL_ONE_MINUS_SRC_ALPHA)
        gl.glDrawArrays(gl.GL_TRIANGLE_STRIP, 0, 4)


class _Plane:
    """One plane of the film on the graphics card."""

    def __init__(self) -> None:
        self.texture = _texture()
        self.size = (0, 0)


class _Layer:
    """A drawn bitmap on the graphics card."""

    def __init__(self) -> None:
        self.texture = _texture()
        self.width = 0
        self.height = 0

    def fill(self, bitmap: paint.Bitmap) -> None:
        self.height, self.width = bitmap.shape[:2]
        gl.glActiveTexture(gl.GL_TEXTURE0)
        gl.glBindTexture(gl.GL_TEXTURE_2D, self.texture)
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 4)
        gl.glTexImage2D(
            gl.GL_TEXTURE_2D,
            0,
            gl.GL_RGBA8,
            self.width,
            self.height,
            0,
            gl.GL_RGBA,
            gl.GL_UNSIGNED_BYTE,
            bitmap.ctypes.data_as(POINTER(c_ubyte)),
        )


class _SmallView:
    """A small framebuffer into which the wall is shrunk, for the camera twin."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._framebuffer = gl.GLuint()
        self._target = gl.GLuint()

    def read(self, wall: tuple[int, int], size: tuple[int, int]) -> NDArray[np.uint8]:
        if size != self._size:
            self._make(size)
        gl.glBindFramebuffer(gl.GL_READ_FRAMEBUFFER, 0)
        gl.glBindFramebuffer(gl.GL_DRAW_FRAMEBUFFER, self._framebuffer)
        gl.glBlitFramebuffer(0, 0, *wall, 0, 0, *size, gl.GL_COLOR_BUFFER_BIT, gl.GL_LINEAR)
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, self._framebuffer)
        pixels = _read_back(size)
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, 0)
        return pixels

    def _make(self, size: tuple[int, int]) -> None:
        self._size = size
        gl.glGenFramebuffers(1, self._framebuffer)
        gl.glGenRenderbuffers(1, self._target)
        gl.glBindRenderbuffer(gl.GL_RENDERBUFFER, self._target)
        gl.glRenderbufferStorage(gl.GL_RENDERBUFFER, gl.GL_RGB8, *size)
        gl.glBindFramebuffer(gl.GL_FRAMEBUFFER, self._framebuffer)
        gl.glFramebufferRenderbuffer(gl.GL_FRAMEBUFFER, gl.GL_COLOR_ATTACHMENT0, gl.GL_RENDERBUFFER, self._target)


def _read_back(size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    gl.glPixelStorei(gl.GL_PACK_ALIGNMENT, 1)
    gl.glReadPixels(0, 0, width, height, gl.GL_BGR, gl.GL_UNSIGNED_BYTE, pixels.ctypes.data_as(POINTER(c_ubyte)))
    return pixels[::-1]


def _texture() -> gl.GLuint:
    texture = gl.GLuint()
    gl.glGenTextures(1, texture)
    gl.glBindTexture(gl.GL_TEXTURE_2D, texture)
    for name in (gl.GL_TEXTURE_MIN_FILTER, gl.GL_TEXTURE_MAG_FILTER):
        gl.glTexParameteri(gl.GL_TEXTURE_2D, name, gl.GL_LINEAR)
    for name in (gl.GL_TEXTURE_WRAP_S, gl.GL_TEXTURE_WRAP_T):
        gl.glTexParameteri(gl.GL_TEXTURE_2D, name, gl.GL_CLAMP_TO_EDGE)
    return texture
