"""What people upload, made by ffmpeg: a drawn head that talks, and the same in formats nobody can copy."""

from pathlib import Path

from bench.bare import run
from worker.media.tools import Tools

HEAD = Path(__file__).parent.parent / "pitchreview" / "local" / "demo_clips" / "vendor-ada-2.mp4"
SIZE = "1920x1080"
CAMERA = f"scale={SIZE},noise=alls=6:allf=t,fps=30,format=yuv420p"

# What a webcam or a phone writes; the product copies it as its highest rung
CAMERA_MBITS = 8
# What an editor exports; the product encodes every rung of it
EXPORT_MBITS = 25

# Formats that browsers do not play, so that the first picture has to be encoded before anybody sees it.
# The phone's frames come unevenly: every seventh is missing.
FOREIGN = {
    "phone-hevc-vfr.mov": "-vf {camera},select=mod(n\\,7) -fps_mode vfr -c:v libx265 -preset ultrafast "
    "-x265-params log-level=none -tag:v hvc1 -c:a aac",
    "edit-prores.mov": "-vf {camera} -c:v prores -profile:v 0 -c:a pcm_s16le",
    "camera-mpeg4.avi": "-vf {camera} -c:v mpeg4 -q:v 5 -c:a libmp3lame",
    "sparse-h264-422.mp4": "-vf {camera},format=yuv422p -c:v libx264 -preset ultrafast -g 300 -c:a aac",
    "scan-mjpeg.mov": "-vf {camera},format=yuvj422p -c:v mjpeg -q:v 5 -c:a pcm_s16le",
}
# The one a phone makes is in every run; the others only in the long one.
FOREIGN_QUICK = ("phone-hevc-vfr.mov",)
NOISE_MBITS = 150


def talking(tools: Tools, folder: Path, seconds: int, mbits: int = CAMERA_MBITS) -> Path:
    """The head, enlarged, with the noise of a camera over it: H.264 and AAC, a keyframe every two seconds."""
    made = folder / f"talking-{seconds}-{mbits}.mp4"
    rate = ("-crf", "18", "-maxrate", f"{mbits}M", "-bufsize", f"{mbits}M")
    encode = ("-c:v", "libx264", "-preset", "veryfast", *rate, "-g", "60", "-c:a", "aac")
    run(tools.ffmpeg, "-stream_loop", "-1", "-i", HEAD, "-t", str(seconds), "-vf", CAMERA, *encode, made)
    return made


def foreign(tools: Tools, folder: Path, name: str, seconds: int) -> Path:
    made = folder / name
    options = FOREIGN[name].format(camera=CAMERA).split()
    run(tools.ffmpeg, "-stream_loop", "-1", "-i", HEAD, "-t", str(seconds), *options, made)
    return made


def looped(tools: Tools, folder: Path, clip: Path, seconds: int) -> Path:
    """The clip again and again, without encoding it."""
    made = folder / f"looped-{seconds}.mp4"
    run(tools.ffmpeg, "-stream_loop", "-1", "-i", clip, "-t", str(seconds), "-c", "copy", made)
    return made


def of_size(tools: Tools, folder: Path, size_bytes: int) -> Path:
    """A file of about this many bytes: five seconds of noise at a very high rate, again and again."""
    noise, made = folder / "noise.mp4", folder / f"noise-{size_bytes}.mp4"
    picture = "testsrc2=s=1280x720:r=30:d=5,noise=alls=60:allf=t,format=yuv420p"
    rate = f"{NOISE_MBITS}M"
    encode = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-b:v", rate, "-maxrate", rate)
    if not noise.exists():
        sound = ("-f", "lavfi", "-i", "sine=d=5")
        run(
            tools.ffmpeg,
            "-f",
            "lavfi",
            "-i",
            picture,
            *sound,
            *encode,
            "-bufsize",
            rate,
            "-c:a",
            "aac",
            noise,
        )
    run(tools.ffmpeg, "-stream_loop", "-1", "-i", noise, "-c", "copy", "-fs", str(size_bytes), made)
    return made
