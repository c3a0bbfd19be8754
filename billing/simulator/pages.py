"""What a browser sees of a card service that does not exist: a page to pay on, the bank's step, an account's form."""

from html import escape
from typing import Final

from billing.simulator.faults import Faults
from billing.simulator.objects import Told

_SHELL: Final = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,"><style>
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 27rem; margin: 1.5rem auto; padding: 0 1rem }}
body {{ color: #1b2327; background: #f5f4f0 }} h1 {{ font-size: 1.25rem; margin: .6rem 0 }}
.banner {{ border: 2px dashed #874a00; background: #faefdd; padding: .5rem .8rem; font-size: .9rem }}
.sum {{ font-size: 2rem; font-weight: 650; margin: .2rem 0 }} small {{ color: #54606a }}
label {{ display: block; margin: .8rem 0 .2rem; font-weight: 600 }}
input {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .7rem; border: 1px solid #6d7780;
border-radius: 6px; background: #fff }} .two {{ display: grid; grid-template-columns: 1fr 1fr; gap: .8rem }}
button {{ font: inherit; font-weight: 650; width: 100%; padding: .8rem; margin: 1.2rem 0 .4rem; border: 0;
border-radius: 6px; color: #fff; background: #0b4a6f; cursor: pointer }}
button.soft {{ background: #fff; color: #0b4a6f; border: 1px solid #0b4a6f; margin-top: .2rem }}
.wrong {{ border-left: 4px solid #a3161a; background: #fbeae9; padding: .5rem .8rem; margin: .8rem 0 }}
a {{ color: #0b4a6f }} table {{ border-collapse: collapse; font-size: .85rem }} td {{ padding: .15rem .6rem .15rem 0 }}
</style></head><body><div class="banner"><b>Đây là bản mô phỏng.</b> Không có tiền thật; đừng nhập thẻ thật.
<span lang="en">A simulation: no real money, no real cards.</span></div><main>{body}</main></body></html>
"""
_FORM: Final = """<h1>{name}</h1><p class="sum">{amount} đ</p>{wrong}
<form method="post" action="{action}"><label for="number">Số thẻ <small lang="en">Card number</small></label>
<input id="number" name="number" inputmode="numeric" autocomplete="off" placeholder="4242 4242 4242 4242" required>
<div class="two"><div><label for="exp">Hết hạn <small lang="en">Expiry</small></label>
<input id="exp" name="exp" placeholder="12/34" autocomplete="off"></div><div><label for="cvc">CVC</label>
<input id="cvc" name="cvc" inputmode="numeric" placeholder="123" autocomplete="off"></div></div>
<button type="submit">Thanh toán {amount} đ · Pay</button></form><p><a href="{back}">← Quay lại · Back</a></p>
<table><tr><td>4242 4242 4242 4242</td><td>trả được · pays</td></tr>
<tr><td>4000 0000 0000 0002</td><td>bị từ chối · declined</td></tr>
<tr><td>4000 0000 0000 9995</td><td>không đủ tiền · insufficient funds</td></tr>
<tr><td>4000 0027 6000 3184</td><td>xác nhận với ngân hàng · 3-D Secure</td></tr>
<tr><td>4000 0000 0000 0259</td><td>trả rồi đòi lại · pays, then is charged back</td></tr>
<tr><td>4000 0000 0000 1976</td><td>trả rồi ngân hàng hỏi · pays, then its bank asks</td></tr></table>"""
_STEP: Final = """<h1>Ngân hàng của bạn hỏi <small lang="en">· Your bank asks</small></h1>
<p>Bạn có trả <b>{amount} đ</b> không? <span lang="en">Do you pay this?</span></p>
<form method="post" action="{action}"><button name="step" value="yes">Tôi xác nhận · Confirm</button>
<button class="soft" name="step" value="no">Không phải tôi · Not me</button></form>"""
_OVER: Final = """<h1>Trang này đã hết hiệu lực <small lang="en">· This page has ended</small></h1>
<p><a href="{back}">← Quay lại · Back</a></p>"""
_ACCOUNT: Final = """<h1>Tài khoản nhận tiền <small lang="en">· Account to be paid into</small></h1>
<p>Dịch vụ thật hỏi danh tính và tài khoản ngân hàng ở đây. <span lang="en">The real service asks for identity and bank
account here.</span></p><form method="post"><button type="submit">Khai xong · Complete</button></form>"""
WRONG: Final = {
    "unknown": "Chỉ nhận thẻ thử bên dưới. · Only the test cards below.",
    "card_declined": "Ngân hàng từ chối thẻ này. Hãy thử thẻ khác. · Declined; try another card.",
    "insufficient_funds": "Thẻ không đủ tiền. · Insufficient funds.",
    "authentication": "Chưa xác nhận với ngân hàng. · Not confirmed with the bank.",
}


def pay_page(page: Told, *, wrong: str = "") -> str:
    amount = f"{page['amount_total']:,}".replace(",", ".")
    said = f'<p class="wrong" role="alert">{WRONG[wrong]}</p>' if wrong else ""
    return _shell(f"{amount} đ", _FORM.format(
        name=escape(page["_name"]), amount=amount, wrong=said, action=f"/c/pay/{page['id']}", back=_back(page)))


def step_page(page: Told) -> str:
    amount = f"{page['amount_total']:,}".replace(",", ".")
    return _shell("3-D Secure", _STEP.format(amount=amount, action=f"/c/pay/{page['id']}/3ds"))


def ended_page(page: Told) -> str:
    return _shell("Hết hiệu lực", _OVER.format(back=_back(page)))


def account_page() -> str:
    return _shell("Tài khoản", _ACCOUNT)


def front_page(counts: dict[str, int], faults: Faults) -> str:
    """What it is, what it holds, what goes wrong."""
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{many}</td></tr>" for name, many in counts.items())
    return _shell("Mô phỏng dịch vụ thẻ", "<h1>Mô phỏng dịch vụ thẻ <small lang='en'>· Card service simulator</small>"
                  f"</h1><table>{rows}</table><p><small>{escape(str(faults))}</small></p>")


def _back(page: Told) -> str:
    return escape(str(page["cancel_url"] or page["success_url"]), quote=True)


def _shell(title: str, body: str) -> str:
    return _SHELL.format(title=escape(title), body=body)
