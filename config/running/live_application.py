"""What the live process serves. Importing it needs Django set up."""

from veche.desk.live.application import Application

application = Application()
