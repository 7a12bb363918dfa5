"""The images of the evaluation, by when the analysis met them. Some of what is installed is never used: on purpose."""

from benchmarks.in_use.recipes.eighteenth import EIGHTEENTH
from benchmarks.in_use.recipes.eighth import EIGHTH
from benchmarks.in_use.recipes.eleventh import ELEVENTH
from benchmarks.in_use.recipes.fifteenth import FIFTEENTH
from benchmarks.in_use.recipes.fifth import FIFTH
from benchmarks.in_use.recipes.first import FIRST
from benchmarks.in_use.recipes.fourteenth import FOURTEENTH
from benchmarks.in_use.recipes.last import LAST
from benchmarks.in_use.recipes.later import LATER
from benchmarks.in_use.recipes.nineteenth import NINETEENTH
from benchmarks.in_use.recipes.ninth import NINTH
from benchmarks.in_use.recipes.production import PRODUCTION
from benchmarks.in_use.recipes.second import SECOND
from benchmarks.in_use.recipes.seventeenth import SEVENTEENTH
from benchmarks.in_use.recipes.seventh import SEVENTH
from benchmarks.in_use.recipes.sixteenth import SIXTEENTH
from benchmarks.in_use.recipes.sixth import SIXTH
from benchmarks.in_use.recipes.tenth import TENTH
from benchmarks.in_use.recipes.third import THIRD
from benchmarks.in_use.recipes.thirteenth import THIRTEENTH
from benchmarks.in_use.recipes.thirtyeighth import THIRTYEIGHTH
from benchmarks.in_use.recipes.thirtyfifth import THIRTYFIFTH
from benchmarks.in_use.recipes.thirtyfirst import THIRTYFIRST
from benchmarks.in_use.recipes.thirtyfourth import THIRTYFOURTH
from benchmarks.in_use.recipes.thirtyninth import THIRTYNINTH
from benchmarks.in_use.recipes.thirtysecond import THIRTYSECOND
from benchmarks.in_use.recipes.thirtyseventh import THIRTYSEVENTH
from benchmarks.in_use.recipes.thirtysixth import THIRTYSIXTH
from benchmarks.in_use.recipes.thirtythird import THIRTYTHIRD
from benchmarks.in_use.recipes.twelfth import TWELFTH
from benchmarks.in_use.recipes.twentieth import TWENTIETH
from benchmarks.in_use.recipes.twentyfifth import TWENTYFIFTH
from benchmarks.in_use.recipes.twentyfirst import TWENTYFIRST
from benchmarks.in_use.recipes.twentyfourth import TWENTYFOURTH
from benchmarks.in_use.recipes.twentyninth import TWENTYNINTH
from benchmarks.in_use.recipes.twentysecond import TWENTYSECOND
from benchmarks.in_use.recipes.twentyseventh import TWENTYSEVENTH
from benchmarks.in_use.recipes.twentysixth import TWENTYSIXTH
from benchmarks.in_use.recipes.twentythird import TWENTYTHIRD

EARLY = FIRST + SECOND + THIRD + LAST + LATER + FIFTH + SIXTH + SEVENTH
MIDDLE = EIGHTH + NINTH + TENTH + ELEVENTH + TWELFTH
LATE = THIRTEENTH + FOURTEENTH + FIFTEENTH + SIXTEENTH + SEVENTEENTH + EIGHTEENTH + NINETEENTH + TWENTIETH + TWENTYFIRST
NEWEST = TWENTYSECOND + TWENTYTHIRD + TWENTYFOURTH + TWENTYFIFTH + TWENTYSIXTH + TWENTYSEVENTH + TWENTYNINTH
PLAIN = THIRTYFIRST + THIRTYSECOND + THIRTYTHIRD + THIRTYFOURTH + THIRTYFIFTH + THIRTYSIXTH
PLAINEST = THIRTYSEVENTH + THIRTYEIGHTH + THIRTYNINTH
RECIPES = EARLY + MIDDLE + LATE + NEWEST + PLAIN + PLAINEST + PRODUCTION
