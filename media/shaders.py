"""The two programs on the graphics card: a film's YUV planes to RGB, and a drawn layer over it."""

from pyglet.graphics.shader import Shader, ShaderProgram

from media.picture import Matrix, Size

_LUMA_WEIGHTS: dict[Matrix, tuple[float, float]] = {
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
}

# A rectangle from the vertex number alone, without buffers. `place`: left, top, width, height in 0-1 of the screen.
_CORNER = """#version 330 core
uniform vec4 place;
vec2 corner() {
    vec2 at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 screen = place.xy + at * place.zw;
    gl_Position = vec4(screen.x * 2.0 - 1.0, 1.0 - screen.y * 2.0, 0.0, 1.0);
    return at;
}
"""

# Where a corner lies in the planes is worked out here, four times, and not for each pixel.
_FILM_CORNER = (
    _CORNER
    + """
uniform mat3 upright;
uniform vec4 chroma_place;
out vec2 from;
out vec2 chroma_from;
void main() {
    from = (upright * vec3(corner(), 1.0)).xy;
    chroma_from = from * chroma_place.xy + chroma_place.zw;
}
"""
)

_FILM = """#version 330 core
uniform sampler2D luma;
uniform sampler2D chroma;
uniform mat3 to_rgb;
uniform vec3 offset;
in vec2 from;
in vec2 chroma_from;
out vec4 colour;
void main() {
    vec3 yuv = vec3(texture(luma, from).r, texture(chroma, chroma_from).rg) - offset;
    colour = vec4(to_rgb * yuv, 1.0);
}
"""

_LAYER_CORNER = (
    _CORNER
    + """
out vec2 at;
void main() {
    at = corner();
}
"""
)

_LAYER = """#version 330 core
uniform sampler2D layer;
in vec2 at;
out vec4 colour;
void main() {
    colour = texture(layer, at);
}
"""


def film_program() -> ShaderProgram:
    """Draws two planes.

    Uniforms: luma, chroma (texture units), to_rgb (3x3), offset, place; upright (3x3: place on the screen to place in
    the planes), chroma_place (scale and shift from a place in the luma plane to that in the chroma plane).
    """
    return ShaderProgram(Shader(_FILM_CORNER, "vertex"), Shader(_FILM, "fragment"))


def layer_program() -> ShaderProgram:
    """Draws one RGBA texture; uniforms: layer (texture unit), place."""
    return ShaderProgram(Shader(_LAYER_CORNER, "vertex"), Shader(_LAYER, "fragment"))


def yuv_to_rgb(matrix: Matrix, *, full_range: bool) -> tuple[tuple[float, ...], tuple[float, float, float]]:
    """The matrix (9 numbers, column by column) and the offset that turn 0-1 YUV into 0-1 RGB.

    Source: ITU-R BT.601-7, BT.709-6 and BT.2020-2, their luma weights and 8-bit quantisation.
    """
    red, blue = _LUMA_WEIGHTS[matrix]
    green = 1.0 - red - blue
    luma_gain, chroma_gain = (1.0, 1.0) if full_range else (255 / 219, 255 / 224)
    r_v = 2 * (1 - red) * chroma_gain
    b_u = 2 * (1 - blue) * chroma_gain
    g_u = -b_u * blue / green
    g_v = -r_v * red / green
    columns = (luma_gain, luma_gain, luma_gain, 0.0, g_u, b_u, r_v, g_v, 0.0)
    return columns, (0.0 if full_range else 16 / 255, 128 / 255, 128 / 255)


def upright(turns: int) -> tuple[float, ...]:
    """Where in its planes a picture has what stands at a place of the screen (9 numbers, column by column).

    `turns` are the quarter turns clockwise by which the picture is shown; places are 0-1 from the top left.
    """
    return (
        (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        (0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0),
        (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 1.0, 1.0, 1.0),
        (0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, 1.0),
    )[turns % 4]


def chroma_place(luma: Size, chroma: Size, *, left: bool) -> tuple[float, float, float, float]:
    """Scale and shift, across and down, from a place 0-1 in the luma plane to the same in the chroma plane.

    An odd plane's last chroma sample reaches beyond it. `left`: a sample lies at the left pixel of its pair (the place
    that H.264 and MPEG-2 take where nothing else is said), else in the middle.
    """
    across, down = luma[0] / 2 / chroma[0], luma[1] / 2 / chroma[1]
    return across, down, 0.25 / chroma[0] if left else 0.0, 0.0
