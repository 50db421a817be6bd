"""The words that French and English passwords are most often made of, without accents, capitals and signs.

A password is refused when it is one of them, repeated or between digits: « Azerty2024! », « motdepassemotdepasse ».
"""

from __future__ import annotations

_WORDS = """
000000000000 0123456789 01234567890 012345678901 0123456789012 098765432109 111111111111 112233445566
123123123123 123456 1234567 12345678 123456789 1234567890 12345678901 123456789012 1234567890123
12345678910 1234567891011 123456789101112 111222333444 121212121212 147258369 147258369147 159753
159753159753 987654321 9876543210 987654321098 987654321987 a1b2c3d4e5f6 1a2b3c4d5e6f 1q2w3e4r5t6y
1qaz2wsx3edc q1w2e3r4t5y6 aqwzsxedc
abc abcd abcde abcdef abcdefgh abcdefghij abcdefghijkl abcdefghijklm abcdefghijklmnopqrstuvwxyz
azerty azertyui azertyuiop azertyuiopqs azertyuiopqsdf azertyuiopqsdfghjklm azertyqwerty azertyazerty
qsdfgh qsdfghjklm wxcvbn qwerty qwertyuiop qwertyuiopas qwertyuiopasdf qwertz qwertzuiop asdfgh asdfghjkl
zxcvbn zxcvbnm qazwsx qazwsxedc
password passwords passwort passw0rd p4ssword motdepasse monmotdepasse lemotdepasse unmotdepasse
motdepassefort motdepassesecret nouveaumotdepasse motdepasseprovisoire motpasse secret supersecret mdp
changeme changemenow changezmoi changermoi achanger default temporaire provisoire
admin administrator administrateur adminadmin administration root toor test testtest essai essaiessai user
utilisateur invite guest login identifiant connexion compte moncompte welcome welcometo bienvenue bonjour
bonjouratous bonsoir salut coucou coucoucoucou hello helloworld letmein letmeinplease letmeinnow
entrezmoi ouvretoi sesameouvretoi opensesame
iloveyou iloveyoubaby iloveyousomuch jetaime jetaimefort jetaimemonamour monamour moncoeur doudou loulou
chouchou cheri cherie princesse princess soleil sunshine chocolat vacances bretagne
marseille olympiquedemarseille parissaintgermain paris france vivelafrance football superman batman
starwars pokemon dragon monkey master michael charlie
liberteegalitefraternite liberte mairie mairiemairie ccas franceservices franceservice service accueil
bureau ordinateur informatique internet travail conseiller conseillere operateur operatrice agent
responsable console
correcthorsebatterystaple troubadour
"""
COMMON = frozenset(_WORDS.split())
