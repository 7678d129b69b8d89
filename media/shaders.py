"""The two programs on the graphics card: a film's YUV planes to RGB, and a drawn layer over it."""

from pyglet.graphics.shader import Shader, ShaderProgram

# A rectangle from the vertex number alone, without buffers. `place`: left, top, width, height in 0-1 of the screen.
_VERTEX = """#version 330 core
uniform vec4 place;
out vec2 at;
void main() {
    at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 screen = place.xy + at * place.zw;
    gl_Position = vec4(screen.x * 2.0 - 1.0, 1.0 - screen.y * 2.0, 0.0, 1.0);
}
"""

_FILM = """#version 330 core
uniform sampler2D luma;
uniform sampler2D chroma;
uniform mat3 to_rgb;
uniform vec3 offset;
in vec2 at;
out vec4 colour;
void main() {
    vec3 yuv = vec3(texture(luma, at).r, texture(chroma, at).rg) - offset;
    colour = vec4(clamp(to_rgb * yuv, 0.0, 1.0), 1.0);
}
"""

_LAYER = """#version 330 core
uniform sampler2D layer;
in vec2 at;
out vec4 colour;
void main() {
    colour = texture(layer, at);
}
"""


def film_program() -> ShaderProgram:
    """Draws two planes; uniforms: luma, chroma (texture units), to_rgb (3x3), offset, place."""
    return ShaderProgram(Shader(_VERTEX, "vertex"), Shader(_FILM, "fragment"))


def layer_program() -> ShaderProgram:
    """Draws one RGBA texture; uniforms: layer (texture unit), place."""
    return ShaderProgram(Shader(_VERTEX, "vertex"), Shader(_LAYER, "fragment"))


def yuv_to_rgb(*, bt709: bool, full_range: bool) -> tuple[tuple[float, ...], tuple[float, float, float]]:
    """The matrix (9 numbers, column by column) and the offset that turn 0-1 YUV into 0-1 RGB.

    Source: ITU-R BT.601-7 and BT.709-6, their luma weights and 8-bit quantisation.
    """
    red, blue = (0.2126, 0.0722) if bt709 else (0.299, 0.114)
    green = 1.0 - red - blue
    luma_gain, chroma_gain = (1.0, 1.0) if full_range else (255 / 219, 255 / 224)
    r_v = 2 * (1 - red) * chroma_gain
    b_u = 2 * (1 - blue) * chroma_gain
    g_u = -b_u * blue / green
    g_v = -r_v * red / green
    matrix = (luma_gain, luma_gain, luma_gain, 0.0, g_u, b_u, r_v, g_v, 0.0)
    return matrix, (0.0 if full_range else 16 / 255, 128 / 255, 128 / 255)
