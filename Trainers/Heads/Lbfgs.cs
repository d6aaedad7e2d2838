using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLClassify.Trainers;

/// <summary>
/// Limited-memory BFGS (Liu and Nocedal 1989) on a convex function plus <c>penalty / 2 * |x|²</c>. It asks for one evaluation after another, so
/// that several can be answered at a time: evaluate at <see cref="Point"/>, then <see cref="Advance"/>, until that returns false.
/// </summary>
/// <param name="start">Where it begins, at its length; the caller's array, which is kept and changed.</param>
/// <param name="penalized">How many numbers, from the first on, the penalty applies to.</param>
internal sealed class Lbfgs(float[] start, int penalized)
{
    private const int Memory = 10;
    private const int MostBacktracks = 20;
    private const double SufficientDecrease = 1e-4;

    private readonly float[] _x = start;
    private readonly float[] _gradient = new float[start.Length];
    private readonly float[] _direction = new float[start.Length];
    private readonly List<Pair> _pairs = [];
    private readonly double[] _alphas = new double[Memory];
    private double _penalty;
    private double _slope;
    private double _step;
    private int _backtracks;
    private int _iterations;
    private bool _isKnown;

    /// <summary>Where the function is to be evaluated next; after the last evaluation, the solution.</summary>
    public float[] Point { get; } = [.. start];

    /// <summary>The value at the best point so far, penalty included; NaN before the first evaluation.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Whether it ended because there was nothing more to gain, not because of a limit.</summary>
    public bool HasConverged { get; private set; }

    /// <summary>The relative decrease below which another step is not worth it.</summary>
    public double Tolerance { get; set; } = 1e-6;

    /// <summary>The most steps for one penalty.</summary>
    public int MaxIterations { get; set; } = 500;

    /// <summary>Sets the penalty. What was learned about the function stays.</summary>
    /// <param name="penalty">The penalty, above 0.</param>
    /// <returns>Whether evaluations are asked for; else the point is a solution already.</returns>
    public bool Begin(double penalty)
    {
        double change = penalty - _penalty;
        (_penalty, _iterations, HasConverged) = (penalty, 0, false);
        if (!_isKnown)
        {
            return true;
        }

        // Value, gradient and curvature change by known amounts.
        ReadOnlySpan<float> x = _x.AsSpan(0, penalized);
        Value += change / 2 * Dot(x, x);
        AddScaled((float)change, x, _gradient);
        foreach (Pair pair in _pairs)
        {
            ReadOnlySpan<float> step = pair.Step.AsSpan(0, penalized);
            AddScaled((float)change, step, pair.Change);
            pair.Product = Dot(pair.Step, pair.Change);
        }

        _pairs.RemoveAll(pair => pair.Product <= 0);
        return Choose();
    }

    /// <summary>Takes the evaluation at <see cref="Point"/>.</summary>
    /// <param name="value">The function's value, without the penalty.</param>
    /// <param name="gradient">Its gradient, without the penalty; changed.</param>
    /// <returns>Whether another evaluation is asked for.</returns>
    public bool Advance(double value, float[] gradient)
    {
        ReadOnlySpan<float> point = Point.AsSpan(0, penalized);
        value += _penalty / 2 * Dot(point, point);
        AddScaled((float)_penalty, point, gradient);
        if (!_isKnown)
        {
            _isKnown = true;
            return Accept(value, gradient) && Choose();
        }

        if (!(value <= Value + (SufficientDecrease * _step * _slope)))
        {
            return Backtrack(value);
        }

        Remember(gradient);
        _iterations++;
        return Accept(value, gradient) && Choose();
    }

    private bool Accept(double value, float[] gradient)
    {
        Value = value;
        Point.CopyTo(_x, 0);
        gradient.CopyTo(_gradient, 0);
        return _iterations < MaxIterations;
    }

    private bool Backtrack(double value)
    {
        if (++_backtracks > MostBacktracks)
        {
            // Rounding hides what would be left to gain.
            HasConverged = true;
            _x.CopyTo(Point, 0);
            return false;
        }

        // The lowest point of the parabola through both values, with the slope at the first.
        double lowest = -_slope * _step * _step / (2 * (value - Value - (_slope * _step)));
        _step = double.IsFinite(lowest) ? Math.Clamp(lowest, 0.1 * _step, 0.5 * _step) : 0.1 * _step;
        Move();
        return true;
    }

    private void Remember(float[] gradient)
    {
        Pair pair = _pairs.Count == Memory ? _pairs[0] : new Pair(new float[_x.Length], new float[_x.Length]);
        for (int i = 0; i < _x.Length; i++)
        {
            pair.Step[i] = Point[i] - _x[i];
            pair.Change[i] = gradient[i] - _gradient[i];
        }

        pair.Product = Dot(pair.Step, pair.Change);
        if (_pairs.Count == Memory)
        {
            _pairs.RemoveAt(0);
        }

        if (pair.Product > 0)
        {
            _pairs.Add(pair);
        }
    }

    // The two-loop recursion; false when the decrease that a full step promises is too small.
    private bool Choose()
    {
        Span<float> direction = _direction;
        for (int i = 0; i < _direction.Length; i++)
        {
            direction[i] = -_gradient[i];
        }

        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            _alphas[i] = Dot(_pairs[i].Step, direction) / _pairs[i].Product;
            AddScaled((float)-_alphas[i], _pairs[i].Change, direction);
        }

        if (_pairs.Count > 0)
        {
            Pair last = _pairs[^1];
            float scale = (float)(last.Product / Dot(last.Change, last.Change));
            for (int i = 0; i < _direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = 0; i < _pairs.Count; i++)
        {
            double beta = Dot(_pairs[i].Change, direction) / _pairs[i].Product;
            AddScaled((float)(_alphas[i] - beta), _pairs[i].Step, direction);
        }

        _slope = Dot(_gradient, direction);
        if (!(-_slope / 2 > Tolerance * Math.Abs(Value)))
        {
            HasConverged = true;
            return false;
        }

        (_step, _backtracks) = (1, 0);
        Move();
        return true;
    }

    private void Move()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            Point[i] = _x[i] + ((float)_step * _direction[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<double> low = default;
        Vector<double> high = default;
        int i = 0;
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> a0, out Vector<double> a1);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> b0, out Vector<double> b1);
            low += a0 * b0;
            high += a1 * b1;
        }

        double sum = Vector.Sum(low + high);
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(float scale, ReadOnlySpan<float> from, Span<float> to)
    {
        var factor = new Vector<float>(scale);
        int i = 0;
        for (; i + Vector<float>.Count <= from.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(to[i..]) + (factor * new Vector<float>(from[i..]))).CopyTo(to[i..]);
        }

        for (; i < from.Length; i++)
        {
            to[i] += scale * from[i];
        }
    }

    private sealed class Pair(float[] step, float[] change)
    {
        public float[] Step { get; } = step;

        public float[] Change { get; } = change;

        public double Product { get; set; }
    }
}
