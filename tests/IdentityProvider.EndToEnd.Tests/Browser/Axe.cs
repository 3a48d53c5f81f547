using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// axe-core in the page that is shown. Its script is put in once for each page and not for each run, and no frame is entered: what stands in them
/// is not ours, and where no script may run it would wait for an answer for ever.
/// </summary>
internal static class Axe
{
    private const string Run =
        """
        async rules => {
          const choice = rules.length === 0 ? {} : { runOnly: { type: 'rule', values: rules } };
          const result = await axe.run(document, { iframes: false, resultTypes: ['violations'], ...choice });
          return result.violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`));
        }
        """;

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Rule and element of everything that is wrong.</summary>
    /// <param name="page">Where.</param>
    /// <param name="rules">Ids of the rules; none: all that axe runs by itself.</param>
    public static async Task<string[]> FindAsync(IPage page, params string[] rules)
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>(Run, rules);
    }
}
