"""Makes the image files of every odd kind in this folder, and what Pillow decodes them to.

    pip install pillow==12.3.0 numpy && python generate.py

For each <kind>.<ext> there is expected/<kind>.<ext>.png: 8-bit RGB, upright by EXIF, alpha over
white. expected/rgb-as-jpeg95.png went through Pillow's JPEG of quality 95. The files under broken/ must be rejected.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
HEIGHT, WIDTH = 22, 30


def scene(height=HEIGHT, width=WIDTH):
    """Smooth colours with two hard edges: survives JPEG, tells every orientation apart."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 120 * np.sin(x / 5 + y / 7)
    image = np.stack([red, green, blue], axis=2)
    image[: height // 3, : width // 4] = (250, 240, 20)
    image[height - 5 :, width - 6 :] = (10, 10, 60)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def over_white(image):
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB")


def decoded(path):
    image = Image.open(path)
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        return over_white(image)
    return image.convert("RGB")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(color_type, bits, samples, extra=b"", width=None):
    """A PNG of kinds Pillow does not write: samples is [H, W, C] of uint8 or uint16."""
    height = samples.shape[0]
    width = width or samples.shape[1]
    big = samples.astype(">u2" if bits == 16 else np.uint8)
    rows = b"".join(b"\0" + big[y].tobytes() for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def sound(folder):
    rgb = scene()
    image = Image.fromarray(rgb)
    grey = image.convert("L")
    alpha = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
    rgba = Image.fromarray(np.dstack([rgb, alpha]))
    wide = (rgb.astype(np.uint16) << 8) + np.arange(WIDTH, dtype=np.uint16)[None, :, None] * 8

    image.save(folder / "rgb.png")
    image.save(folder / "ycc420.jpg", quality=90)
    image.save(folder / "ycc444.jpg", quality=95, subsampling=0)
    image.save(folder / "ycc422.jpg", quality=90, subsampling=1)
    image.save(folder / "progressive.jpg", quality=90, progressive=True)
    image.save(folder / "rgb-adobe.jpg", quality=95, keep_rgb=True)
    grey.save(folder / "grey.jpg", quality=90)
    image.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    ycck(folder / "cmyk.jpg", folder / "ycck.jpg")
    save_with_profile(image, folder / "profile.jpg", quality=90)
    grey.save(folder / "grey.png")
    grey.convert("1").save(folder / "bilevel.png")
    image.quantize(13).save(folder / "palette4.png")
    image.quantize(60).save(folder / "palette8.png")
    image.quantize(13).save(folder / "palette-transparent.png", transparency=bytes([0, 128, 200]))
    rgba.save(folder / "rgba.png")
    Image.merge("LA", (grey, Image.fromarray(alpha))).save(folder / "grey-alpha.png")
    (folder / "rgb16.png").write_bytes(png(2, 16, wide))
    (folder / "grey16.png").write_bytes(png(0, 16, wide[:, :, :1]))
    deep = np.dstack([wide, alpha.astype(np.uint16) << 8])
    (folder / "rgba16.png").write_bytes(png(6, 16, deep))
    (folder / "grey-alpha16.png").write_bytes(png(4, 16, deep[:, :, 2:]))
    fours = np.pad(rgb[:, :, 0] >> 6, ((0, 0), (0, 2))).reshape(HEIGHT, -1, 4)
    packed = fours @ np.array([64, 16, 4, 1], dtype=np.uint8)
    (folder / "grey2.png").write_bytes(png(0, 2, packed[:, :, None], width=WIDTH))
    grey_key = chunk(b"tRNS", struct.pack(">H", 255))
    (folder / "grey-key.png").write_bytes(png(0, 8, rgb[:, :, :1], grey_key))
    key = struct.pack(">HHH", 250, 240, 20)
    (folder / "rgb-color-key.png").write_bytes(png(2, 8, rgb, chunk(b"tRNS", key)))
    gamma = chunk(b"gAMA", struct.pack(">I", 100000))
    (folder / "gamma.png").write_bytes(png(2, 8, rgb, gamma))
    (folder / "interlaced.png").write_bytes(interlaced(rgb))
    image.save(folder / "still.gif")
    image.quantize(13).save(folder / "transparent.gif", transparency=0)
    frames(image, folder / "animated.gif")
    image.save(folder / "lossy.webp", quality=90)
    image.save(folder / "lossless.webp", lossless=True)
    rgba.save(folder / "alpha.webp", lossless=True)
    lossy_webp(image, rgba, folder)
    image.save(folder / "rgb.bmp")
    image.save(folder / "png-named.jpg", format="PNG")
    image.save(folder / "jpg-named.png", format="JPEG", quality=90)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(folder / f"exif-{orientation}.jpg", quality=90, subsampling=0, exif=exif)
    image.save(folder / "exif-6.png", exif=exif_of(6))
    image.save(folder / "exif-8.webp", lossless=True, exif=exif_of(8))


def lossy_webp(image, rgba, folder):
    """Every filter strength, sides that are no multiple of a block, alpha, profile, animation."""
    noise = np.random.default_rng(1).normal(0, 20, (53, 77, 3))
    noisy = Image.fromarray(np.clip(scene(53, 77) + noise, 0, 255).astype(np.uint8))
    for quality in (5, 40, 75, 100):
        noisy.save(folder / f"lossy-{quality}.webp", quality=quality, method=quality % 7)
    noisy.crop((0, 0, 1, 53)).save(folder / "lossy-column.webp", quality=60)
    noisy.crop((0, 0, 77, 1)).save(folder / "lossy-row.webp", quality=60)
    rgba.save(folder / "lossy-alpha.webp", quality=80)
    image.save(folder / "lossy-exif-6.webp", quality=80, exif=exif_of(6))
    save_with_profile(image, folder / "lossy-profile.webp", quality=80)
    save_with_profile(image, folder / "profile.webp", lossless=True)
    island = Image.new("RGBA", image.size)
    island.paste(image.crop((4, 2, 18, 16)), (8, 6))
    for name, lossless in (("animated-lossy.webp", False), ("animated.webp", True)):
        island.save(
            folder / name,
            save_all=True,
            append_images=[ImageOps.invert(image).convert("RGBA")],
            duration=100,
            quality=80,
            lossless=lossless,
        )


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def ycck(source, target):
    """Codes a CMYK picture as YCCK: four planes, of which the first three are YCbCr."""
    stored = 255 - np.asarray(Image.open(source).convert("CMYK"))
    complement = Image.fromarray(255 - stored[:, :, :3])
    planes = np.dstack([np.asarray(complement.convert("YCbCr")), stored[:, :, 3]])
    # Pillow inverts on writing CMYK, and marks the file as transform 0: undo both.
    out = io.BytesIO()
    Image.fromarray(255 - planes, mode="CMYK").save(out, "JPEG", quality=95)
    data = out.getvalue()
    at = data.index(b"Adobe") + 11
    target.write_bytes(data[:at] + b"\x02" + data[at + 1 :])


def save_with_profile(image, path, **options):
    """With a linear-light profile, which must change nothing."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    profile = profile[:24] + bytes(12) + profile[36:]  # without the time of day
    image.save(path, icc_profile=profile, **options)


def interlaced(rgb):
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]
    passes.append((1, 0, 2, 1))
    rows = b""
    for top, left, down, right in passes:
        part = rgb[top::down, left::right]
        if part.size:
            rows += b"".join(b"\0" + part[y].tobytes() for y in range(part.shape[0]))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 1)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def frames(image, path):
    second = ImageOps.invert(image)
    image.save(path, save_all=True, append_images=[second], duration=100)


def broken(folder, good):
    def cut(name, to, fraction):
        data = (good / name).read_bytes()
        (folder / to).write_bytes(data[: int(len(data) * fraction)])

    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_bytes(b"<html>not found</html>")
    cut("ycc420.jpg", "truncated.jpg", 0.8)
    cut("progressive.jpg", "truncated-progressive.jpg", 0.8)
    jpeg = (good / "ycc420.jpg").read_bytes()
    (folder / "without-end.jpg").write_bytes(jpeg[:-2])
    (folder / "header-only.jpg").write_bytes(jpeg[:40])
    # Ends well, but a stretch of the coded data is gone.
    (folder / "premature-end.jpg").write_bytes(jpeg[:-150] + b"\xff\xd9")
    cut("rgb.png", "truncated.png", 0.6)
    data = bytearray((good / "rgb.png").read_bytes())
    data[len(data) // 2] ^= 0x55
    (folder / "bit-flip.png").write_bytes(bytes(data))
    short = png(2, 8, scene()[: HEIGHT // 2])
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0))
    (folder / "rows-missing.png").write_bytes(short[:8] + header + short[8 + len(header) :])
    cut("still.gif", "truncated.gif", 0.7)
    cut("lossy.webp", "truncated.webp", 0.7)
    cut("rgb.bmp", "truncated.bmp", 0.7)
    bomb = struct.pack(">IIBBBBB", 60000, 60000, 1, 0, 0, 0, 0)
    (folder / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", bomb)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    text_mode = jpeg.replace(b"\0", b" ")
    (folder / "text-mode.jpg").write_bytes(text_mode)
    arithmetic = bytearray(jpeg)
    arithmetic[jpeg.index(b"\xff\xc0") + 1] = 0xC9
    (folder / "arithmetic.jpg").write_bytes(bytes(arithmetic))


def main():
    for name in ("sound", "expected", "broken"):
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    sound(HERE / "sound")
    broken(HERE / "broken", HERE / "sound")
    for path in sorted((HERE / "sound").iterdir()):
        decoded(path).save(HERE / "expected" / (path.name + ".png"))
    coded = io.BytesIO()
    Image.fromarray(scene()).save(coded, "JPEG", quality=95, subsampling=2)
    Image.open(coded).save(HERE / "expected" / "rgb-as-jpeg95.png")


if __name__ == "__main__":
    main()
