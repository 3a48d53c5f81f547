using System.Diagnostics;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>What is asked of every page. The answers are problems; none is good.</summary>
internal static class PageChecks
{
    /// <summary>What can be reached by the tab key, in its order, as the page gives it.</summary>
    private const string Focusable =
        "Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary'))"
        + ".filter(element => element.getClientRects().length > 0 && element.checkVisibility() && !element.disabled)";

    /// <summary>A mail in a frame has links of its own, which the page does not count.</summary>
    private const int MostInFrame = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What stands in a form: type, name, and the hints for who fills it in.</summary>
    private static readonly string[] KnownHints =
    [
        "password password current-password", "password password new-password", "password current current-password",
        "text username username", "text username username webauthn", "email email username", "email email email", "text name name",
        "text code one-time-code numeric", "text code off", "tel number tel tel", "text user_code off", "text confirm off", "text name off",
    ];

    /// <summary>Names, hints and explanations of fields. The focus must be where the browser put it.</summary>
    public static async Task<IEnumerable<string>> OfFormsAsync(IPage page)
    {
        // autofocus comes with the first picture.
        await page.EvaluateAsync("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
        var hints = await page.EvaluateAsync<string[]>(
            """
            Array.from(document.querySelectorAll('input:not([type=hidden]):not([type=checkbox])'))
              .filter(input => !input.closest('#profile'))
              .map(input => [input.type, input.name, input.getAttribute('autocomplete'), input.getAttribute('inputmode')].filter(part => part).join(' '))
            """);
        var silent = await page.EvaluateAsync<string[]>(
            """
            [].concat(
              Array.from(document.querySelectorAll('input:not([type=hidden]), select')).filter(input => !input.hidden).flatMap(input => [].concat(
                input.labels.length === 1 || input.getAttribute('aria-label') ? [] : ['no label: ' + input.outerHTML],
                input.getAttribute('autocomplete') || input.type === 'checkbox' ? [] : ['no autocomplete: ' + input.outerHTML],
                input.getAttribute('enterkeyhint') || input.type === 'checkbox' || input.localName === 'select' ? [] : ['no enterkeyhint: ' + input.outerHTML])),
              Array.from(document.querySelectorAll('form')).filter(form => form.querySelector('[type=password]') && !form.querySelector('[autocomplete~=username]'))
                .map(form => 'whose password: ' + form.id),
              Array.from(document.querySelectorAll('.problem')).filter(problem => !document.querySelector(`[aria-invalid=true][aria-describedby~="${problem.id}"]`))
                .map(problem => 'loose: ' + problem.outerHTML),
              document.querySelectorAll('[autofocus]').length > 1 ? ['more than one autofocus'] : [],
              document.querySelector('[aria-invalid=true]') && !document.querySelector('[aria-invalid=true]:focus') ? ['the first problem has no focus'] : [],
              location.pathname.startsWith('/account') && !document.querySelector('#codes, .sections [aria-current]') && location.pathname !== '/account/closed'
                ? ['no way to the other pages of the account'] : [])
            """);
        return hints.Except(KnownHints, StringComparer.Ordinal).Select(hint => "hints: " + hint).Concat(silent);
    }

    /// <summary>Rules of axe, a window that need not be scrolled sideways, one heading, the language of the person.</summary>
    public static async Task<IEnumerable<string>> OfFitnessAsync(IPage page, PageView view)
    {
        await view.ShowAsync(page);
        var found = await Axe.FindAsync(page, view.Rules);
        var more = await page.EvaluateAsync<string[]>(
            """
            language => [].concat(
              document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] : ['wider than the window'],
              document.querySelectorAll('h1').length === 1 ? [] : ['not one h1'],
              document.documentElement.lang === language ? [] : ['in another language: ' + document.documentElement.lang])
            """,
            view.Locale);
        return found.Concat(more);
    }

    /// <summary>Colours that the person dictates leave no background to tell things apart by, and nothing moves for who wants no motion.</summary>
    public static async Task<IEnumerable<string>> OfForcedColorsAsync(IPage page)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active, ReducedMotion = ReducedMotion.Reduce });
        await page.WaitForFunctionAsync("matchMedia('(forced-colors: active)').matches && matchMedia('(prefers-reduced-motion: reduce)').matches");
        var problems = await page.EvaluateAsync<string[]>(
            """
            Array.from(document.querySelectorAll('.button, .field input, .card')).filter(element => parseFloat(getComputedStyle(element).borderTopWidth) < 1)
              .map(element => 'no border: ' + element.outerHTML)
              .concat(document.getAnimations().length === 0 ? [] : ['something moves'])
            """);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.None, ReducedMotion = ReducedMotion.NoPreference });
        return problems;
    }

    /// <summary>The tab key comes to everything in its order, and it can be seen where one is. Moves the focus.</summary>
    public static async Task<IEnumerable<string>> OfKeyboardAsync(IPage page)
    {
        var count = await page.EvaluateAsync<int>(Focusable + ".length");
        await page.EvaluateAsync("document.activeElement?.blur(); window.getSelection()?.removeAllRanges()");
        await page.EvaluateAsync("document.body.setAttribute('tabindex', '-1'); document.body.focus(); document.body.removeAttribute('tabindex')");
        var focus = new Focus(-1, -1, IsSeen: false);
        for (var i = 0; i < count; i++)
        {
            focus = await TabAsync(page, focus);
            if (focus.Index != i || !focus.IsSeen)
            {
                return [$"Tab {i + 1} of {count} came to {focus}"];
            }
        }

        return [];
    }

    /// <summary>Presses Tab, and more often where it leads into a mail, which stands in a frame and has links of its own.</summary>
    private static async Task<Focus> TabAsync(IPage page, Focus focus)
    {
        for (var within = 0; within <= MostInFrame; within++)
        {
            await page.Keyboard.PressAsync("Tab");
            focus = await WaitForAnotherAsync(page, focus);
            if (focus.Index != Focus.Frame)
            {
                break;
            }
        }

        return focus;
    }

    /// <summary>A frame may be a process of its own: the focus goes into it and out of it a moment after the key.</summary>
    private static async Task<Focus> WaitForAnotherAsync(IPage page, Focus before)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var focus = await FindFocusAsync(page);
            var isUnderWay = (focus.Index, focus.InFrame) == (before.Index, before.InFrame) || focus is { Index: Focus.Frame, InFrame: < 0 };
            if (!isUnderWay || Stopwatch.GetElapsedTime(began) > Patience)
            {
                return focus;
            }
        }
    }

    private static async Task<Focus> FindFocusAsync(IPage page)
    {
        var found = await page.EvaluateAsync<int[]>(
            $$"""
            (() => {
              const element = document.activeElement;
              const index = element instanceof HTMLIFrameElement ? {{Focus.Frame}} : {{Focusable}}.indexOf(element);
              return [index, parseFloat(getComputedStyle(element).outlineWidth) >= 2 ? 1 : 0];
            })()
            """);
        var inFrame = found[0] == Focus.Frame
            ? await page.Frames.Single(frame => frame.ParentFrame is not null).EvaluateAsync<int>("Array.from(document.querySelectorAll('a[href]')).indexOf(document.activeElement)")
            : -1;
        return new Focus(found[0], inFrame, found[1] == 1);
    }

    /// <summary>Where the focus is.</summary>
    /// <param name="Index">Among what can be reached; -1: nowhere.</param>
    /// <param name="InFrame">Among the links in the frame; -1: at none.</param>
    /// <param name="IsSeen">Whether the element is outlined.</param>
    private sealed record Focus(int Index, int InFrame, bool IsSeen)
    {
        public const int Frame = -2;
    }
}
