#!/usr/bin/env bash
# Tries the README's two commands on a bare Debian: makes its root file system with debootstrap, copies the committed
# tree into it, installs what the README names and nothing else, and runs make run and make test there.
#
#   sudo packaging/fresh_system.sh bookworm    # Debian 12, Python 3.11
#   sudo packaging/fresh_system.sh trixie      # Debian 13, Python 3.13
#
# Needs root, debootstrap and some 10 GB. FOLDER says where the system is made; it stays, for a second try.
set -euo pipefail
suite=${1:?the name of a Debian release, such as trixie}
tree=$(cd "$(dirname "$0")/.." && pwd)
root=${FOLDER:-/var/tmp/diffseg-fresh}/$suite
packages=(ca-certificates make python3 python3-venv)
if [ "$suite" = bookworm ]; then packages+=(g++ python3-dev); fi # pydensecrf is compiled below Python 3.13
packages+=(libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core) # Qt's

[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$suite" "$root"
mounted=()
leave() { for at in "${mounted[@]}"; do umount -l "$root/$at"; done; }
trap leave EXIT
for at in proc sys dev; do
    mount --rbind --make-rslave "/$at" "$root/$at"
    mounted=("$at" "${mounted[@]}")
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
# As Debian's installer does: the system knows the names of its own computer.
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$(hostname)" >"$root/etc/hosts"
inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
inside apt-get update
inside apt-get install -y --no-install-recommends "${packages[@]}"
# A computer that reaches the package index through certificates of its own hands them on.
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

rm -rf "$root/root/diffseg"
mkdir -p "$root/root/diffseg"
git -C "$tree" archive HEAD | tar -x -C "$root/root/diffseg"
inside sh -c 'cd /root/diffseg && python3 --version && make run && make test'
echo "$suite: make run and make test have passed."
