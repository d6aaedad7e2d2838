using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>The draws that an image is made of; a seed fixes all of them.</summary>
internal sealed class PaintRandom(int seed)
{
    private readonly Random _random = new(seed);

    public float Unit() => _random.NextSingle();

    public float Between(float low, float high) => low + ((high - low) * _random.NextSingle());

    /// <summary>A whole number from low to high, both included.</summary>
    public int Count(int low, int high) => _random.Next(low, high + 1);

    public bool Chance(float probability) => _random.NextSingle() < probability;

    /// <summary>Low numbers are likelier: the square of a uniform draw, scaled.</summary>
    public float Skewed(float low, float high)
    {
        float unit = _random.NextSingle();
        return low + ((high - low) * unit * unit);
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public float Normal() =>
        MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle())) * MathF.Cos(2 * MathF.PI * _random.NextSingle());

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>An index, as likely as its weight.</summary>
    public int Weighted(ReadOnlySpan<float> weights)
    {
        float sum = 0;
        foreach (float weight in weights)
        {
            sum += weight;
        }

        float draw = sum * _random.NextSingle();
        int index = 0;
        while (index < weights.Length - 1 && draw >= weights[index])
        {
            draw -= weights[index++];
        }

        return index;
    }

    public Vector3 Jitter(Vector3 color, float amount) =>
        color * new Vector3(Between(1 - amount, 1 + amount), Between(1 - amount, 1 + amount), Between(1 - amount, 1 + amount));

    public int Seed() => _random.Next();
}
