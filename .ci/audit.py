"""Look for known vulnerabilities in what constraints.txt pins: ends with 1 when there are any, else with 0."""

import json
import subprocess
import sys

AUDIT = (sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json")


def main() -> int:
    """Print each vulnerability and how many packages were asked about. Return 0 if no advisories can be had."""
    done = subprocess.run([*AUDIT, "--requirement", "constraints.txt"], capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print("No advisories can be had here: docs/dependencies.md says what was looked at, and when.")
        return 0
    asked = [each for each in found if "vulns" in each]
    holes = [(each["name"], each["version"], hole) for each in asked for hole in each["vulns"]]
    for name, version, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"{name} {version}: {hole['id']}, mended in {mended}")
    print(f"{len(asked)} of {len(found)} packages asked about, {len(holes)} known holes.")
    if not asked:
        print("No advisories can be had here: docs/dependencies.md says what was looked at, and when.")
    return bool(holes)


if __name__ == "__main__":
    sys.exit(main())
