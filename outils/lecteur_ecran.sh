#!/bin/sh
# A real screen reader for tests/e2e/test_orca.py: Orca, a screen without a monitor, a mute voice, French.
# Installed when missing and when this runs as root; otherwise says exactly what to install, and fails.
set -eu
missing=
need() { # package, file it brings
  [ -e "$2" ] || missing="$missing $1"
}
need chromium /usr/bin/chromium
need orca /usr/bin/orca
need xvfb /usr/bin/Xvfb
need openbox /usr/bin/openbox
need xdotool /usr/bin/xdotool
need dbus-x11 /usr/bin/dbus-launch
need at-spi2-core /usr/libexec/at-spi-bus-launcher
need libatk-adaptor /usr/share/doc/libatk-adaptor
need libglib2.0-bin /usr/bin/gsettings
need gsettings-desktop-schemas /usr/share/glib-2.0/schemas/org.gnome.desktop.a11y.gschema.xml
need speech-dispatcher /usr/lib/speech-dispatcher-modules/sd_dummy
need python3-speechd /usr/lib/python3/dist-packages/speechd/client.py
need locales /usr/sbin/locale-gen
if [ -n "$missing" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Il manque :$missing. Installez d'abord : apt-get install -y --no-install-recommends$missing" >&2
    exit 3
  fi
  echo "Installation de$missing…"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if ! locale -a | grep -qix 'fr_FR\.utf-\?8'; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Il manque le français. Faites d'abord, comme root : echo 'fr_FR.UTF-8 UTF-8' >> /etc/locale.gen && locale-gen" >&2
    exit 3
  fi
  echo "Ajout du français (fr_FR.UTF-8)…"
  echo 'fr_FR.UTF-8 UTF-8' >> /etc/locale.gen
  locale-gen >/dev/null
fi
# A system that drops translations leaves Orca speaking English.
if [ ! -e /usr/share/locale/fr/LC_MESSAGES/orca.mo ]; then
  echo "Orca est installé sans ses traductions : retirez path-exclude=/usr/share/locale de /etc/dpkg/dpkg.cfg.d, puis réinstallez orca." >&2
  exit 3
fi
