# To be read by scripts that need Python packages: makes an environment with them, where it is not there yet.
#
#   python_environment VENV REQUIREMENTS STAMP MESSAGE
#
# STAMP is a copy of the requirements that VENV was made with: where it differs from REQUIREMENTS, MESSAGE is
# printed and they are installed.
python_environment() {
  if cmp -s "$2" "$3"; then return; fi
  echo "$4"
  python3 -m venv "$1"
  "$1/bin/python" -m pip install --quiet --no-cache-dir -r "$2"
  cp "$2" "$3"
}
