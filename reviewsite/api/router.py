"""The one router: what is read and what is written at the same address have to be on the same one."""

from ninja import Router

router = Router()
